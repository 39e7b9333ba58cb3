"""Who may read and publish: the gate, the tokens, and where they live."""
