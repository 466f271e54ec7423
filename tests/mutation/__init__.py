"""Each condition of `checks/` is changed, one at a time: does a test notice?"""
