"""What stands around the packages: header, menu, status line, states, the side page's frame."""
