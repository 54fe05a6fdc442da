"""Who may be named: decisions, the terms that would reveal somebody, and the scanner of files.

>>> from exports.names.terms import words_of
>>> words_of("Odd Lanternby")
('odd', 'lanternby')
"""
