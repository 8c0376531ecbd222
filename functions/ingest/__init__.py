"""Takes deliveries of events in and makes them durable."""
