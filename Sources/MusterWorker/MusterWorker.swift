// MusterWorker
