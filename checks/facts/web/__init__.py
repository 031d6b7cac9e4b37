"""What a web app says to browsers: whom it lets call it (CORS), and how it sets its cookies."""
