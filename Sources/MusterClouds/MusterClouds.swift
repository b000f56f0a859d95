// MusterClouds
