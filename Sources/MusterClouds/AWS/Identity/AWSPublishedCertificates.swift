/// The certificates that AWS signs identity documents with, in DER and Base64.
///
/// From "AWS public certificates for instance identity document signatures" in the Amazon EC2 User Guide
/// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/regions-certs.html). Each is signed with its own key, which a
/// test makes sure of. Those of regions that came later are added by the provider's settings.
enum AWSPublishedCertificates {
    /// Those with RSA keys of 2,048 bits, by region: valid until 2195 and later.
    static let rsa2048 = [americas, europe, asia].reduce(into: [:]) { all, some in
        all.merge(some) { first, _ in first }
    }

    /// Those with RSA keys of 1,024 bits, where several regions share one. AWS renews these certificates every few
    /// years and keeps the keys. Regions with a key of their own are left to the provider's settings.
    static let rsa1024: [(regions: [String], certificate: String)] = [
        (
            [
                "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1",
                "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1",
                "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
                "us-west-2",
            ],
            """
            MIIDITCCAoqgAwIBAgIUE1y2NIKCU+Rg4uu4u32koG9QEYIwDQYJKoZIhvcNAQELBQAwXDELMAkGA1UEBhMCVVMxGTAX
            BgNVBAgTEFdhc2hpbmd0b24gU3RhdGUxEDAOBgNVBAcTB1NlYXR0bGUxIDAeBgNVBAoTF0FtYXpvbiBXZWIgU2Vydmlj
            ZXMgTExDMB4XDTI0MDQyOTE3MzQwMVoXDTI5MDQyODE3MzQwMVowXDELMAkGA1UEBhMCVVMxGTAXBgNVBAgTEFdhc2hp
            bmd0b24gU3RhdGUxEDAOBgNVBAcTB1NlYXR0bGUxIDAeBgNVBAoTF0FtYXpvbiBXZWIgU2VydmljZXMgTExDMIGfMA0G
            CSqGSIb3DQEBAQUAA4GNADCBiQKBgQCHvRjf/0kStpJ248khtIaN8qkDN3tkw4VjvA9nvPl2anJO+eIBUqPfQG09kZlw
            pWpmyO8bGB2RWqWxCwuB/dcnIob6w420k9WY5C0IIGtDRNauN3kuvGXkw3HEnF0EjYr0pcyWUvByWY4KswZV42X7Y7XS
            S13hOIcL6NLA+H94/QIDAQABo4HfMIHcMAsGA1UdDwQEAwIHgDAdBgNVHQ4EFgQUJdbMCBXKtvCcWdwUUizvtUF2UTgw
            gZkGA1UdIwSBkTCBjoAUJdbMCBXKtvCcWdwUUizvtUF2UTihYKReMFwxCzAJBgNVBAYTAlVTMRkwFwYDVQQIExBXYXNo
            aW5ndG9uIFN0YXRlMRAwDgYDVQQHEwdTZWF0dGxlMSAwHgYDVQQKExdBbWF6b24gV2ViIFNlcnZpY2VzIExMQ4IUE1y2
            NIKCU+Rg4uu4u32koG9QEYIwEgYDVR0TAQH/BAgwBgEB/wIBADANBgkqhkiG9w0BAQsFAAOBgQAlxSmwcWnhT4uAeSin
            Juz+1BTcKhVSWb5jT8pYjQb8ZoZkXXRGb09mvYeUNeqOBr27rvRAnaQ/9LUQf72+SahDFuS4CMI8nwowytqbmwquqFr4
            dxA/SDADyRiFea1UoMuNHTY49J/1vPomqsVn7mugTp+TbjqCfOJTpu0temHcFA==
            """
        ),
        (
            [
                "us-gov-east-1", "us-gov-west-1",
            ],
            """
            MIIDITCCAoqgAwIBAgIUe5wGF3jfb7lUHzvDxmM/ktGCLwwwDQYJKoZIhvcNAQELBQAwXDELMAkGA1UEBhMCVVMxGTAX
            BgNVBAgTEFdhc2hpbmd0b24gU3RhdGUxEDAOBgNVBAcTB1NlYXR0bGUxIDAeBgNVBAoTF0FtYXpvbiBXZWIgU2Vydmlj
            ZXMgTExDMB4XDTI0MDUwNzE3MzAzMloXDTI5MDUwNjE3MzAzMlowXDELMAkGA1UEBhMCVVMxGTAXBgNVBAgTEFdhc2hp
            bmd0b24gU3RhdGUxEDAOBgNVBAcTB1NlYXR0bGUxIDAeBgNVBAoTF0FtYXpvbiBXZWIgU2VydmljZXMgTExDMIGfMA0G
            CSqGSIb3DQEBAQUAA4GNADCBiQKBgQCpohwYUVPH9I7Vbkb3WMe/JB0Y/bmfVj3VpcK445YBRO9K80alesjgBc2tAX4K
            Yg4Lht4EBKccLHTzaNi51YEGX1aLNrSmxhz1+WtzNLNUsyY3zD9zvwX/3k1+JB2dRA+m+Cpwx4mjzZyAeQtHtegVaAyt
            kmqtxQrSCexBxvqRqQIDAQABo4HfMIHcMAsGA1UdDwQEAwIHgDAdBgNVHQ4EFgQU1ZXneBYnPvYXkHVlVjg7918VgE8w
            gZkGA1UdIwSBkTCBjoAU1ZXneBYnPvYXkHVlVjg7918VgE+hYKReMFwxCzAJBgNVBAYTAlVTMRkwFwYDVQQIExBXYXNo
            aW5ndG9uIFN0YXRlMRAwDgYDVQQHEwdTZWF0dGxlMSAwHgYDVQQKExdBbWF6b24gV2ViIFNlcnZpY2VzIExMQ4IUe5wG
            F3jfb7lUHzvDxmM/ktGCLwwwEgYDVR0TAQH/BAgwBgEB/wIBADANBgkqhkiG9w0BAQsFAAOBgQCbTdpx1Iob9SwUReY4
            exMnlwQlmkTLyA8tYGWzchCJOJJEPfsW0ryy1A0HYIuvyUty3rJdp9ib8h3GZR71BkZnNddHhy06kPs4p8ewF8+d8OWt
            OJQcI+ZnFfG4KyM4rUsBrljpG2aOCm12iACEyrvgJJrS8VZwUDZS6mZEnn/lhA==
            """
        ),
        (
            [
                "cn-north-1", "cn-northwest-1",
            ],
            """
            MIIDCzCCAnSgAwIBAgIJALSOMbOoU2svMA0GCSqGSIb3DQEBCwUAMFwxCzAJBgNVBAYTAlVTMRkwFwYDVQQIExBXYXNo
            aW5ndG9uIFN0YXRlMRAwDgYDVQQHEwdTZWF0dGxlMSAwHgYDVQQKExdBbWF6b24gV2ViIFNlcnZpY2VzIExMQzAeFw0y
            MzA3MDQwODM1MzlaFw0yODA3MDIwODM1MzlaMFwxCzAJBgNVBAYTAlVTMRkwFwYDVQQIExBXYXNoaW5ndG9uIFN0YXRl
            MRAwDgYDVQQHEwdTZWF0dGxlMSAwHgYDVQQKExdBbWF6b24gV2ViIFNlcnZpY2VzIExMQzCBnzANBgkqhkiG9w0BAQEF
            AAOBjQAwgYkCgYEAuhhUNlqAZdcWWB/OSDVDGk3OA99EFzOn/mJlmciQ/Xwu2dFJWmSCqEAE6gjufCjQq3voxAhC2CF+
            elKtJW/C0Sz/LYo60PUqd6iXF4h+upB9HkOOGuWHXsHBTsvgkgGA1CGgel4U0Cdq+23eANr8N8m28UzljjSnTlrYCHtz
            N4sCAwEAAaOB1DCB0TALBgNVHQ8EBAMCB4AwHQYDVR0OBBYEFBkZu3wT27NnYgrfH+xJz4HJaNJoMIGOBgNVHSMEgYYw
            gYOAFBkZu3wT27NnYgrfH+xJz4HJaNJooWCkXjBcMQswCQYDVQQGEwJVUzEZMBcGA1UECBMQV2FzaGluZ3RvbiBTdGF0
            ZTEQMA4GA1UEBxMHU2VhdHRsZTEgMB4GA1UEChMXQW1hem9uIFdlYiBTZXJ2aWNlcyBMTEOCCQC0jjGzqFNrLzASBgNV
            HRMBAf8ECDAGAQH/AgEAMA0GCSqGSIb3DQEBCwUAA4GBAECji43p+oPkYqmzll7e8HgboADS0ph+YUz5P/bUCm61wFjl
            xaTfwKcuTR3ytj7bFLoW5Bm7Sa+TCl3lOGb2taon2h+9NirRK6JYk87LMNvbS40HGPFumJL2NzEsGUeK+MRiWu+Oh5/l
            JGii3qw4YByxSUDlRyNy1jJFstEZjOhs
            """
        ),
    ]
}
