"""What people and the system do with sessions; a module for each noun."""
