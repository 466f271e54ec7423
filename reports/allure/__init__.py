"""Allure: what its results say, the files they are, and the page that is made of them."""
