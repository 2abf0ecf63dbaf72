"""What people and the system do in chat."""
