// SPDX-License-Identifier: Apache-2.0
#include "tls_context.hpp"

#include "text.hpp"

#include <openssl/err.h>

namespace offlineimap::imap {

namespace {

/// Without this OpenSSL asks on the terminal for the password of an encrypted key.
int refuse_password(char*, int, int, void*) noexcept
{
    return -1;
}

[[noreturn]] void refuse(std::string_view what, std::string_view file)
{
    throw Error(Errc::config, joined(what, " ", file, ": ", openssl_reason()));
}

void set_versions(SSL_CTX* context, TlsVersions versions)
{
    const int lowest = versions == TlsVersions::only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    const int highest = versions == TlsVersions::only_1_2 ? TLS1_2_VERSION : 0;
    SSL_CTX_set_min_proto_version(context, lowest);
    SSL_CTX_set_max_proto_version(context, highest);
}

void load_authorities(SSL_CTX* context, const std::string& file)
{
    if (file.empty() || file == system_authorities) {
        if (SSL_CTX_set_default_verify_paths(context) != 1)
            refuse("read the system's", "certificates");
        return;
    }
    if (SSL_CTX_load_verify_file(context, file.c_str()) != 1)
        refuse("read certificates from sslcacertfile", file);
    // The user trusts exactly these: an intermediate one or the server's own counts as well.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

void load_own_certificate(SSL_CTX* context, const TlsSettings& settings)
{
    const std::string& certificate = settings.client_certificate;
    if (certificate.empty()) return;
    const std::string& key = settings.client_key.empty() ? certificate : settings.client_key;
    SSL_CTX_set_default_passwd_cb(context, &refuse_password);
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
        refuse("read sslclientcert", certificate);
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
        refuse("read sslclientkey (without a password)", key);
    if (SSL_CTX_check_private_key(context) != 1)
        refuse("use sslclientkey with sslclientcert", certificate);
}

}  // namespace

std::string openssl_reason()
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0) return "unknown reason";
    if (const char* reason = ERR_reason_error_string(code)) return in_lower_case(reason);
    return ERR_SYSTEM_ERROR(code) ? errno_text(static_cast<int>(ERR_GET_REASON(code)))
                                  : "error " + std::to_string(code);
}

OpenSsl<SSL_CTX> make_tls_context(const TlsSettings& settings)
{
    ERR_clear_error();
    OpenSsl<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
    if (!context) throw Error(Errc::internal, joined("start TLS: ", openssl_reason()));
    SSL_CTX_set_mode(
        context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One system call for several records of a large download.
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_default_read_buffer_len(context.get(), 64 * 1024);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    set_versions(context.get(), settings.versions);
    if (verifies_chain(settings)) load_authorities(context.get(), settings.authorities);
    load_own_certificate(context.get(), settings);
    return context;
}

bool verifies_chain(const TlsSettings& settings) noexcept
{
    return settings.fingerprints.empty() || !settings.authorities.empty();
}

}  // namespace offlineimap::imap
