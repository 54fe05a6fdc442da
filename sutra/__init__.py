"""The command `sutra`: `cli` is the way in, `commands` has one file a command.

>>> from sutra import home
>>> home.APP.name
'app.py'
"""
