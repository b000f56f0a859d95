import MusterCore
import MusterCrypto

/// What Azure refuses of a machine's description, as far as Muster could get it wrong.
enum FakeMachineRules {
    static func fault(_ body: Document) -> (code: String, message: String)? {
        guard let properties = body["properties"], text(body["location"]) != nil else {
            return ("LocationRequired", "The location property is required for this definition.")
        }
        guard text(properties["hardwareProfile"]?["vmSize"]) != nil else {
            return ("InvalidParameter", "Required parameter 'vmSize' is missing (null).")
        }
        if case .object(let tags)? = body["tags"]?.value {
            let names = Set(tags.map { $0.name.lowercased() })
            guard tags.count <= 50, names.count == tags.count,
                tags.allSatisfy({ (text($0.document)?.count ?? 999) <= 256 })
            else { return ("InvalidTags", "The tags are not valid.") }
        }
        return system(properties) ?? parts(properties)
    }

    private static func system(_ properties: Document) -> (code: String, message: String)? {
        guard let profile = properties["osProfile"], let name = text(profile["computerName"]),
            text(profile["adminUsername"]) != nil
        else { return ("InvalidParameter", "Required parameter 'osProfile' is missing (null).") }
        let isWindows =
            text(properties["storageProfile"]?["osDisk"]?["osType"]) == "Windows"
            || profile["windowsConfiguration"] != nil
        guard (1...(isWindows ? 15 : 64)).contains(name.utf8.count),
            name.utf8.allSatisfy({
                $0 == 45 || $0 == 46 || (48...57).contains($0) || (97...122).contains($0 | 32)
            })
        else { return ("InvalidParameter", "The value '\(name)' of parameter 'computerName' is invalid.") }
        let keys = list(profile["linuxConfiguration"]?["ssh"]?["publicKeys"])
        if let password = text(profile["adminPassword"]) {
            let kinds = [
                password.contains { $0.isLowercase }, password.contains { $0.isUppercase },
                password.contains { $0.isNumber }, password.contains { !$0.isLetter && !$0.isNumber },
            ]
            guard (12...72).contains(password.count), kinds.filter({ $0 }).count >= 3 else {
                return ("InvalidParameter", "The supplied password must be between 12-72 characters long.")
            }
        } else if isWindows || keys.isEmpty {
            return (
                "InvalidParameter", "Authentication using SSH or by user name and password must be enabled."
            )
        }
        if let data = text(profile["customData"]), Base64.bytes(data) == nil {
            return ("InvalidParameter", "Custom data in OSProfile must be in Base64 encoding.")
        }
        return nil
    }

    /// Everything that comes with a machine must go with it.
    private static func parts(_ properties: Document) -> (code: String, message: String)? {
        let storage = properties["storageProfile"]
        let interfaces = list(properties["networkProfile"]?["networkInterfaceConfigurations"])
        guard text(properties["networkProfile"]?["networkApiVersion"]) != nil, interfaces.count == 1 else {
            return (
                "NetworkApiVersionRequired",
                "networkApiVersion is required with networkInterfaceConfigurations."
            )
        }
        var options = interfaces.map { $0["properties"] } + [storage?["osDisk"]] + list(storage?["dataDisks"])
        for ip in list(interfaces[0]["properties"]?["ipConfigurations"]) {
            guard text(ip["properties"]?["subnet"]?["id"]) != nil else {
                return ("InvalidRequestFormat", "The subnet is missing.")
            }
            if let address = ip["properties"]?["publicIPAddressConfiguration"] {
                options.append(address["properties"])
            }
        }
        guard options.allSatisfy({ text($0?["deleteOption"]) == "Delete" }) else {
            return ("LeavesParts", "Not everything goes with the machine.")
        }
        let evicted = text(properties["evictionPolicy"])
        let isSpot = ["Spot", "Low"].contains(text(properties["priority"]) ?? "")
        guard isSpot || evicted == nil else {
            return ("InvalidParameter", "Eviction policy can be set only on Azure Spot Virtual Machines.")
        }
        return nil
    }
}
