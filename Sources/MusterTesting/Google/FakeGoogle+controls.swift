public import MusterClouds
public import MusterCore
import MusterRuntime

extension FakeGoogle {
    /// Where a provider finds it.
    public var endpoints: GoogleEndpoints {
        GoogleEndpoints(
            compute: server.url("/compute/v1"), resourceManager: server.url("/resource/v1"),
            identityKeys: server.url("/certs"), metadata: "http://127.0.0.1:\(server.port)")
    }

    /// What is in a credentials file.
    public static func credentials(_ file: [UInt8]) -> GoogleCredentials {
        .file { () throws(Problem) in Secret(file) }
    }

    /// A service account's key file, whose tokens it gives.
    public var keyFile: [UInt8] {
        let file: GoogleJSON = [
            "type": "service_account", "project_id": .text(project),
            "private_key_id": .text(FakeGoogleKey.id),
            "private_key": .text(FakeGoogleKey.pem), "client_email": .text(FakeGoogleKey.email),
            "client_id": "100000000000000000001", "token_uri": .text(server.url("/token")),
            "universe_domain": "googleapis.com",
        ]
        return file.bytes
    }

    /// The file of a workload identity federation whose subject token is in a file, or at the fake's own address.
    public func federationFile(subjectTokenFile: String? = nil, impersonates: Bool) -> [UInt8] {
        let source: GoogleJSON =
            if let subjectTokenFile {
                ["file": .text(subjectTokenFile)]
            } else {
                [
                    "url": .text(server.url("/subject")), "headers": ["X-Cluster": "yes"],
                    "format": ["type": "json", "subject_token_field_name": "value"],
                ]
            }
        let file: GoogleJSON = [
            "type": "external_account", "audience": .text(FakeGoogleTokenDesk.audience),
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": .text(server.url("/sts")),
            "credential_source": source,
        ]
        let address = server.url("/impersonate/\(FakeGoogleKey.email):generateAccessToken")
        return file.with("service_account_impersonation_url", impersonates ? .text(address) : nil).bytes
    }

    /// The token that a federation's source holds.
    public static var subjectToken: String { FakeGoogleTokenDesk.subject }

    /// What a provider of its project is made from. Its rates are such that tests need not wait for them.
    public func configuration(
        _ id: ProviderID = ProviderID(rawValue: "google"), fleet: String = "test"
    ) -> GoogleProviderConfiguration {
        GoogleProviderConfiguration(
            id: id, project: project, fleet: fleet, credentials: Self.credentials(keyFile),
            endpoints: endpoints,
            rates: GoogleRates(mutations: 60_000, reads: 60_000, bulkInsertions: 6_000))
    }

    /// An instance that is there.
    public struct Machine: Hashable, Sendable {
        /// `us-central1-a/NAME`.
        public var path: String
        /// Its number.
        public var number: String
        /// Its status, such as `RUNNING`.
        public var status: String
        /// Its type.
        public var machineType: String
        /// Whose it is, by its label.
        public var fleet: String?
    }

    /// All that exist at the moment, strangers included.
    public var machines: [Machine] {
        settled { state in
            state.instances.values.map { instance in
                Machine(
                    path: instance.path, number: instance.number, status: instance.status,
                    machineType: instance.machineType, fleet: instance.label("muster-deployment"))
            }.sorted { $0.path < $1.path }
        }
    }

    /// How often an instance of each name was made, so that one that was made twice is seen.
    public var made: [String: Int] { settled { $0.made } }
    /// The instances that a call has deleted, as `zone/name`.
    public var deleted: [String] { settled { $0.deleted } }
    /// How often each kind of call was answered.
    public var calls: [String: Int] { settled { $0.calls } }

    /// Puts an instance there that is not of Muster's making, with these labels.
    public func add(_ name: String, in zone: String, labels: [String: String] = [:]) {
        let resource: GoogleJSON = [
            "name": .text(name),
            "labels": .object(labels.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }),
        ]
        settled { state in
            let number = state.newNumber()
            let instance = FakeGoogleState.Instance(
                number: number, zone: zone, machineType: "e2-small", resource: resource.document,
                status: "RUNNING", createdAt: self.now)
            state.instances[instance.path] = instance
        }
    }

    /// Sets an instance's status, such as `TERMINATED`.
    public func set(_ path: String, status: String) {
        settled { $0.instances[path]?.status = status }
    }

    /// Announces maintenance of an instance.
    public func announceMaintenance(of path: String, at moment: Timestamp) {
        settled { $0.instances[path]?.maintenanceAt = moment }
    }

    /// Takes an instance away, as a person or the market does.
    public func remove(_ path: String) { settled { $0.instances[path] = nil } }

    /// Forgets all operations, as Google does after two weeks.
    public func forgetOperations() {
        settled { state in
            state.operations = []
            state.byRequestID = [:]
            state.open = []
        }
    }
}
