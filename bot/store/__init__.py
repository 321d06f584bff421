"""What is kept, and how it is asked for: the only room that speaks SQL."""
