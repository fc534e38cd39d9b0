"""What a person reads about a model or an import. Tables as text; the figures' file is separate."""
