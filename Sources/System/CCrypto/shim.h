// libcrypto, and what of it are macros or keeps a pointer that Swift would let go.
#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Never asks anybody: without a callback libcrypto prompts for a password on the terminal.
static inline int muster_no_password(char *buffer, int size, int is_writing, void *context) {
    (void)buffer, (void)size, (void)is_writing, (void)context;
    return -1;
}

static inline EVP_PKEY *muster_private_key(const void *pem, int count) {
    BIO *bytes = BIO_new_mem_buf(pem, count);
    if (!bytes) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bytes, NULL, muster_no_password, NULL);
    BIO_free(bytes);
    return key;
}

static inline EVP_PKEY *muster_public_key_of_type(const char *type, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context && EVP_PKEY_fromdata_init(context) == 1
        && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

// A builder keeps the pointers to the names of its parameters: it lives and dies here.
static inline EVP_PKEY *muster_rsa_public_key(
    const unsigned char *modulus, int modulus_count, const unsigned char *exponent, int exponent_count) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    BIGNUM *n = BN_bin2bn(modulus, modulus_count, NULL), *e = BN_bin2bn(exponent, exponent_count, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    if (n && e && builder && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e)
        && (parameters = OSSL_PARAM_BLD_to_param(builder)))
        key = muster_public_key_of_type("RSA", parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return key;
}

// `point` is 0x04, x and y: 65 bytes.
static inline EVP_PKEY *muster_p256_public_key(const unsigned char *point) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"prime256v1", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, 65),
        OSSL_PARAM_construct_end(),
    };
    return muster_public_key_of_type("EC", parameters);
}

static inline X509 *muster_certificate_of_pem(const void *pem, int count) {
    BIO *bytes = BIO_new_mem_buf(pem, count);
    if (!bytes) return NULL;
    X509 *certificate = PEM_read_bio_X509(bytes, NULL, muster_no_password, NULL);
    BIO_free(bytes);
    return certificate;
}

static inline STACK_OF(X509) *muster_certificates(void) { return sk_X509_new_null(); }
// Pushes a reference of the stack's own.
static inline int muster_certificates_add(STACK_OF(X509) *stack, X509 *certificate) {
    return X509_add_cert(stack, certificate, X509_ADD_FLAG_UP_REF);
}
static inline int muster_certificates_count(const STACK_OF(X509) *stack) { return stack ? sk_X509_num(stack) : 0; }
static inline X509 *muster_certificates_at(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}
static inline void muster_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }
// Frees the stack alone, for those that hold no references.
static inline void muster_certificates_let_go(STACK_OF(X509) *stack) { sk_X509_free(stack); }

static inline int muster_print_name(BIO *output, const X509_NAME *name) {
    return X509_NAME_print_ex(output, name, 0, XN_FLAG_RFC2253);
}
static inline int muster_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
// The bytes of a name that is a host, else NULL.
static inline const ASN1_STRING *muster_host_name(const GENERAL_NAMES *names, int index) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    return name->type == GEN_DNS ? name->d.dNSName : NULL;
}

// Whether it is signed data with content and signers: what follows asks nothing else.
static inline int muster_is_signed(PKCS7 *message) {
    return PKCS7_type_is_signed(message) && message->d.sign && message->d.sign->contents
        && PKCS7_type_is_data(message->d.sign->contents) && !PKCS7_get_detached(message)
        && message->d.sign->signer_info;
}
static inline STACK_OF(X509) *muster_signed_certificates(const PKCS7 *message) { return message->d.sign->cert; }
static inline int muster_signers_count(const PKCS7 *message) {
    return sk_PKCS7_SIGNER_INFO_num(message->d.sign->signer_info);
}
static inline int muster_signer_digest(const PKCS7 *message) {
    PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(message->d.sign->signer_info, 0);
    return signer && signer->digest_alg ? OBJ_obj2nid(signer->digest_alg->algorithm) : NID_undef;
}
static inline long muster_memory_count(BIO *bytes, char **start) { return BIO_get_mem_data(bytes, start); }
