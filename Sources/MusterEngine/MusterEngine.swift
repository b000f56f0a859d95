// MusterEngine
