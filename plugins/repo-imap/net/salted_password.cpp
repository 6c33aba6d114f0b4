// SPDX-License-Identifier: Apache-2.0
#include "salted_password.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <openssl/evp.h>
#include <string_view>
#include <utility>

namespace offlineimap::imap {

namespace {

std::string_view told(Gsasl_session& session, Gsasl_property property)
{
    const char* value = gsasl_property_fast(&session, property);
    return value ? value : std::string_view();
}

const EVP_MD* digest_of(Gsasl_session& session)
{
    const std::string_view mechanism = gsasl_mechanism_name(&session);
    return mechanism.starts_with("SCRAM-SHA-256") ? EVP_sha256()
        : mechanism.starts_with("SCRAM-SHA-1")    ? EVP_sha1()
                                                  : nullptr;
}

/// Whether SASLprep (RFC 4013) is known to leave it as it is.
bool is_prepared(std::string_view password)
{
    return std::ranges::all_of(password, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Empty for what is no base64.
std::string salt_in(std::string_view base64)
{
    char* bytes = nullptr;
    std::size_t size = 0;
    if (gsasl_base64_from(base64.data(), base64.size(), &bytes, &size) != GSASL_OK) return {};
    std::string salt(bytes, size);
    gsasl_free(bytes);
    return salt;
}

std::string hexadecimal(const unsigned char* bytes, std::size_t size)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * size);
    for (std::size_t i = 0; i < size; ++i)
        text.append({digits[bytes[i] >> 4U], digits[bytes[i] & 15U]});
    return text;
}

}  // namespace

WipedText salted_password(Gsasl_session& session)
{
    const auto* digest = digest_of(session);
    const auto password = told(session, GSASL_PASSWORD);
    const auto salt = salt_in(told(session, GSASL_SCRAM_SALT));
    const auto number = told(session, GSASL_SCRAM_ITER);
    int iterations = 0;
    std::from_chars(number.data(), number.data() + number.size(), iterations);
    if (!digest || password.empty() || !is_prepared(password) || salt.empty() || iterations <= 0)
        return WipedText({});
    std::array<unsigned char, EVP_MAX_MD_SIZE> key {};
    const auto size = EVP_MD_get_size(digest);
    const bool ok = PKCS5_PBKDF2_HMAC(
                        password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()),
                        static_cast<int>(salt.size()), iterations, digest, size, key.data())
        == 1;
    std::string text = ok ? hexadecimal(key.data(), static_cast<std::size_t>(size)) : "";
    OPENSSL_cleanse(key.data(), key.size());
    return WipedText(std::move(text));
}

}  // namespace offlineimap::imap
