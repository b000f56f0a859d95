// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name), "MusterTesting"] + dependencies,
        swiftSettings: strict)
}

func system(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/" + name, pkgConfig: pkgConfig,
        providers: apt.map { [.apt([$0])] })
}

/// The targets that MUSTER_FOCUS names, and what they are made of: a build with a sanitizer compiles no more.
///
/// What tests share is made of everything; a focus leaves out the folders that need more than it has.
func focused(_ all: [Target], on words: String) -> [Target] {
    let names = Set(all.map(\.name))
    func dependencies(_ target: Target) -> [String] {
        target.dependencies.compactMap { dependency in
            switch dependency {
            case .targetItem(let name, _), .byNameItem(let name, _): name
            default: nil
            }
        }
    }
    func closure(_ roots: [String]) -> Set<String> {
        var found: Set<String> = []
        var left = roots
        while let name = left.popLast() {
            guard found.insert(name).inserted, let target = all.first(where: { $0.name == name }) else {
                continue
            }
            left += dependencies(target)
        }
        return found
    }
    let roots = words.split(separator: " ").map(String.init)
    precondition(!roots.isEmpty && names.isSuperset(of: roots), "MUSTER_FOCUS names no targets: \(words)")
    let shared = "MusterTesting"
    let own = closure(
        all.filter { roots.contains($0.name) }.flatMap { dependencies($0) }.filter { $0 != shared })
    for target in all where target.name == shared {
        let needs = [
            "Azure": "MusterClouds", "Chaos": "MusterEngine", "Clouds": "MusterClouds",
            "Docker": "MusterClouds", "EC2": "MusterClouds", "Engine": "MusterEngine",
            "Google": "MusterClouds", "Postgres": "MusterStore", "Store": "MusterStore",
        ]
        target.exclude = needs.filter { !own.contains($0.value) }.map(\.key)
        target.dependencies.removeAll { dependency in
            guard case .byNameItem(let name, _) = dependency else { return false }
            return !own.contains(name) && !["MusterCore", "MusterRuntime"].contains(name)
        }
    }
    let kept = closure(roots)
    return all.filter { kept.contains($0.name) }
}

let package = Package(
    name: "muster",
    products: [
        .executable(name: "muster", targets: ["MusterCommand"]),
        .executable(name: "muster-bench", targets: ["MusterBench"]),
    ],
    targets: [
        system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        system("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        system("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        system("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        system("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("CExpat", pkgConfig: "expat", apt: "libexpat1-dev"),
        system("CLinux"),

        library("MusterCore"),
        library("MusterRuntime", ["MusterCore", "CYAML", "CExpat", "CLinux"]),
        library("MusterCrypto", ["CCrypto"]),
        library("MusterAPI", ["MusterCore"]),
        library("MusterHTTP", ["MusterCore", "MusterRuntime", "CCurl"]),
        library("MusterStore", ["MusterCore", "MusterRuntime", "CPostgres", "CSQLite", "CLinux"]),
        library("MusterClouds", ["MusterCore", "MusterRuntime", "MusterCrypto", "MusterHTTP", "CLinux"]),
        library("MusterEvents", ["MusterCore", "MusterRuntime", "CLinux"]),
        library(
            "MusterEngine",
            [
                "MusterCore", "MusterRuntime", "MusterCrypto", "MusterHTTP", "MusterStore", "MusterClouds",
                "MusterEvents",
            ]),
        library(
            "MusterServer",
            [
                "MusterCore", "MusterRuntime", "MusterCrypto", "MusterAPI", "MusterHTTP", "MusterStore",
                "MusterClouds", "MusterEngine", "CMicroHTTPD", "CLinux",
            ]),
        library("MusterSimulator", ["MusterCore", "MusterRuntime"]),
        library("MusterWorker", ["MusterCore", "MusterRuntime", "MusterAPI", "MusterHTTP", "CLinux"]),
        .executableTarget(
            name: "MusterCommand",
            dependencies: [
                "MusterCore", "MusterRuntime", "MusterCrypto", "MusterAPI", "MusterHTTP", "MusterStore",
                "MusterClouds", "MusterEvents", "MusterEngine", "MusterServer", "MusterSimulator",
                "MusterWorker", "CLinux",
            ],
            swiftSettings: strict),
        library(
            "MusterTesting",
            [
                "MusterCore", "MusterRuntime", "MusterCrypto", "MusterHTTP", "MusterStore", "MusterClouds",
                "MusterEngine", "CLinux", "CPostgres",
            ]),
        .executableTarget(
            name: "MusterBench",
            dependencies: [
                "MusterCore", "MusterRuntime", "MusterAPI", "MusterHTTP", "MusterStore", "MusterClouds",
                "MusterEngine", "MusterTesting", "CSQLite",
            ],
            swiftSettings: strict),

        tests("MusterCore", ["MusterRuntime", "MusterCrypto"]),
        tests("MusterRuntime", []),
        tests("MusterCrypto", ["MusterCore"]),
        tests("MusterHTTP", ["MusterCore", "MusterRuntime", "CLinux"]),
        tests("MusterStore", ["CPostgres", "MusterCore", "MusterRuntime"]),
        tests("MusterClouds", ["MusterCore", "MusterRuntime", "MusterCrypto", "MusterHTTP"]),
        tests("MusterEvents", ["MusterCore", "MusterRuntime"]),
        tests(
            "MusterEngine",
            [
                "MusterCore", "MusterRuntime", "MusterCrypto", "MusterHTTP", "MusterStore", "MusterClouds",
                "MusterEvents",
            ]),
        tests(
            "MusterServer",
            [
                "MusterCore", "MusterRuntime", "MusterHTTP", "MusterAPI", "MusterStore", "MusterClouds",
                "MusterEngine",
            ]),
        tests("MusterSimulator", ["MusterCore", "MusterRuntime"]),
        tests("MusterWorker", ["MusterCore", "MusterRuntime", "MusterAPI", "MusterHTTP"]),
        tests(
            "MusterCommand",
            [
                "CLinux", "MusterCore", "MusterRuntime", "MusterAPI", "MusterHTTP", "MusterStore",
                "MusterCrypto", "MusterEngine", "MusterEvents", "MusterClouds", "MusterSimulator",
            ]),
        tests("MusterBench", ["MusterCore", "MusterRuntime", "MusterClouds"]),
    ],
    swiftLanguageModes: [.v6]
)

if let words = Context.environment["MUSTER_FOCUS"] {
    package.targets = focused(package.targets, on: words)
    package.products.removeAll()
}
