"""What several pages show: the search box, form fields, tables of rows, timelines, evidence."""
