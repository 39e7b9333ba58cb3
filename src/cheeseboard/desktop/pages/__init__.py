"""The side pages, each made when it is first shown, and the activity drawer."""
