public import MusterCore

/// `POST /api/worker-manager/v1/worker/register`: a worker proves who it is.
public struct RegisterWorkerRequest: Codable, Sendable {
    public var workerPoolId: PoolID
    public var providerId: ProviderID
    public var workerGroup: WorkerGroup
    public var workerId: WorkerID
    /// What its provider asks for.
    public var workerIdentityProof: Document
    public var systemBootTime: Timestamp?

    /// Makes a request.
    public init(worker: WorkerKey, providerId: ProviderID, proof: any IdentityProof) {
        workerPoolId = worker.poolID
        workerGroup = worker.group
        workerId = worker.id
        self.providerId = providerId
        workerIdentityProof = proof.document
    }
}

/// What a worker shows to prove who it is.
public protocol IdentityProof: Sendable {
    /// The proof as it is sent.
    var document: Document { get }
}

/// What a worker shows that was handed a token with its launch.
public struct TokenIdentityProof: IdentityProof {
    /// The one-time token.
    public var token: String
    /// Chosen by the worker for its first try and repeated with each further one: binds the registration to
    /// this worker, so that another process that reads the token cannot repeat it.
    public var nonce: String

    /// Makes a proof.
    public init(token: String, nonce: String) {
        self.token = token
        self.nonce = nonce
    }

    public var document: Document {
        .object(["token": .string(token), "nonce": .string(nonce)])
    }
}

/// What a worker shows that a person made.
public struct StaticIdentityProof: IdentityProof {
    /// The secret that it was made with.
    public var secret: String
    /// As that of a token's proof.
    public var nonce: String

    /// Makes a proof.
    public init(secret: String, nonce: String) {
        self.secret = secret
        self.nonce = nonce
    }

    public var document: Document {
        .object(["staticSecret": .string(secret), "nonce": .string(nonce)])
    }
}

/// What a registered worker gets.
public struct RegisterWorkerResponse: Codable, Sendable {
    /// When the credentials end.
    public var expires: Timestamp
    public var credentials: WorkerCredentials
    /// Settings for the worker from the launch config.
    public var workerConfig: Document
    /// For registering again later.
    public var secret: String

    /// Makes an answer.
    public init(expires: Timestamp, credentials: WorkerCredentials, workerConfig: Document, secret: String) {
        self.expires = expires
        self.credentials = credentials
        self.workerConfig = workerConfig
        self.secret = secret
    }
}

/// What a worker shows with each further call: `Authorization: Bearer <accessToken>`.
public struct WorkerCredentials: Codable, Sendable {
    public var clientId: String
    public var accessToken: String

    /// Makes credentials.
    public init(clientId: String, accessToken: String) {
        self.clientId = clientId
        self.accessToken = accessToken
    }
}

/// `GET .../should-terminate`: whether a worker should take no more work and end.
public struct ShouldTerminateResponse: Codable, Sendable {
    public var terminate: Bool
    /// A word such as `none`, `idle`, `over capacity`, `launch config archived`.
    public var reason: String

    /// Makes an answer.
    public init(terminate: Bool, reason: String) {
        self.terminate = terminate
        self.reason = reason
    }
}
