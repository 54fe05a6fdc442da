"""What several pages show: the search box, form fields, tables of rows, timelines, evidence.

>>> from views.widgets.markup import paragraph
>>> paragraph("On <Monday>")
'<p><bdi>On &lt;Monday&gt;</bdi></p>'
"""
