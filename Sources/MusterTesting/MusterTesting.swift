// MusterTesting
