"""What happens when something is asked for: plain classes, tested with fake views."""
