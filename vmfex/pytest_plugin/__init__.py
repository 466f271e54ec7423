"""The rules as pytest runs them: `pytest features --host HOST`, with pytest-bdd and Allure."""
