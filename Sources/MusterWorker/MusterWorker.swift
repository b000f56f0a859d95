// MusterWorker: the program that runs on an instance and does the work.
//
// `WorkerProgram` registers, claims tasks, runs their commands, keeps the claims and reports; it is where to
// begin. `Runs/TaskRun+StateMachine.swift` is the life of one run. It knows the service through
// `ServiceConnection` alone, and nothing of the store or the engine.
