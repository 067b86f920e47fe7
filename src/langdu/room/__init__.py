"""The reading room: a page on this machine where an article is opened, corrected and heard. No knowledge of Chinese.

It translates between HTTP and the library: everything about articles is done by `langdu.pipeline`.
"""
