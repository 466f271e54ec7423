"""Two certifications held against each other, as text, JSON and HTML."""
