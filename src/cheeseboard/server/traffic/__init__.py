"""What is written down of requests: the access log, downloads, which installers asked."""
