"""Many articles: what is given → assignments → outcomes, by processes of this machine or by a Dask cluster.

An article is an assignment: one folder, made by what `langdu read` does. `sources/` lists the assignments, `work.py`
does one, `running/` has them done by many processes, `run.py` keeps the books: budget, ledger, index page.
"""
