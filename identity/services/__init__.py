"""What people and the system do about people."""
