"""Has assignments done: `local.py` by processes of this machine, `cluster.py` by the workers of a Dask cluster.

Both take from a `Supply` as long as workers are free, and yield outcomes as they come, and None at least every second.
"""
