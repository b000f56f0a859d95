// MusterEvents
