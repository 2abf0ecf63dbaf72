"""What people do in spaces."""
