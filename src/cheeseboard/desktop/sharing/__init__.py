"""Who is served what, and where: the share card, addresses, tokens, neighbours."""
