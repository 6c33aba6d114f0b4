// SPDX-License-Identifier: Apache-2.0
#include "certificate.hpp"

#include "text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ctime>
#include <openssl/evp.h>

namespace offlineimap::imap {

namespace {

std::string hex(const unsigned char* bytes, std::size_t size)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

const EVP_MD* digest_with(std::size_t hex_digits)
{
    switch (hex_digits) {
    case 40:
        return EVP_sha1();
    case 56:
        return EVP_sha224();
    case 64:
        return EVP_sha256();
    case 96:
        return EVP_sha384();
    case 128:
        return EVP_sha512();
    default:
        return nullptr;
    }
}

std::string date_of(const ASN1_TIME* time)
{
    std::tm parts {};
    std::array<char, 32> text {};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown date";
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

/// What a stranger wrote: one line, printable ASCII.
std::string printable(std::string text)
{
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    return text;
}

std::string name_of(const X509_NAME* name)
{
    const OpenSsl<BIO> memory(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return printable(std::string(text, static_cast<std::size_t>(size)));
}

std::string general_name(const GENERAL_NAME& name)
{
    if (name.type != GEN_DNS && name.type != GEN_IPADD) return {};
    const ASN1_STRING* value = name.type == GEN_DNS ? name.d.dNSName : name.d.iPAddress;
    const unsigned char* data = ASN1_STRING_get0_data(value);
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
    if (name.type == GEN_DNS) return printable(std::string(data, data + size));
    std::array<char, INET6_ADDRSTRLEN> text {};
    const bool is_known = size == sizeof(in_addr) || size == sizeof(in6_addr);
    const int family = size == sizeof(in_addr) ? AF_INET : AF_INET6;
    if (!is_known || !inet_ntop(family, data, text.data(), text.size())) return {};
    return text.data();
}

/// Whom it is for: the alternative names, else the subject.
std::string names_of(const X509& certificate)
{
    const OpenSsl<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string text;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && text.size() < 200; ++i) {
        const std::string one = general_name(*sk_GENERAL_NAME_value(names.get(), i));
        if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
    }
    return text.empty() ? name_of(X509_get_subject_name(&certificate)) : text;
}

}  // namespace

std::string fingerprint(const X509& certificate, std::string_view like)
{
    const EVP_MD* digest = digest_with(like.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes {};
    unsigned size = 0;
    if (!digest || X509_digest(&certificate, digest, bytes.data(), &size) != 1) return {};
    return hex(bytes.data(), size);
}

std::string sha256_fingerprint(const X509& certificate)
{
    return fingerprint(certificate, std::string(64, '0'));
}

bool is_one_of(const X509& certificate, const std::vector<std::string>& fingerprints)
{
    return std::any_of(fingerprints.begin(), fingerprints.end(), [&](const std::string& wanted) {
        return !wanted.empty() && fingerprint(certificate, wanted) == wanted;
    });
}

std::string refusal_text(int error, const X509* culprit, std::string_view expected_host)
{
    if (!culprit) return X509_verify_cert_error_string(error);
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return joined("it expired on ", date_of(X509_get0_notAfter(culprit)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return joined("it is valid from ", date_of(X509_get0_notBefore(culprit)), " on only");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return joined("it is for ", names_of(*culprit), ", not for ", expected_host);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "it is self-signed and not known here";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return joined("its issuer is not known here: ", name_of(X509_get_issuer_name(culprit)));
    default:
        return in_lower_case(X509_verify_cert_error_string(error));
    }
}

}  // namespace offlineimap::imap
