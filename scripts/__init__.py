"""What the Makefile calls: building, checking and pinning."""
