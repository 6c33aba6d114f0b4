// SPDX-License-Identifier: Apache-2.0
#include "scram_server.hpp"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace offlineimap::imap::test {

namespace {

constexpr int iterations = 4096;

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* octets(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string encode(std::string_view bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(octets(text), octets(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string decode(std::string_view text)
{
    std::string bytes(text.size(), '\0');
    const int size = EVP_DecodeBlock(octets(bytes), octets(text), static_cast<int>(text.size()));
    bytes.resize(static_cast<std::size_t>(size));
    for (std::size_t i = text.size(); i > 0 && text[i - 1] == '='; --i)
        bytes.pop_back();
    return bytes;
}

std::string field(std::string_view message, std::string_view name)
{
    auto begin = message.starts_with(name) ? 0 : message.find("," + std::string(name)) + 1;
    begin += name.size();
    return std::string(message.substr(begin, message.find(',', begin) - begin));
}

const EVP_MD* algorithm(ScramHash hash)
{
    return hash == ScramHash::sha_1 ? EVP_sha1() : EVP_sha256();
}

}  // namespace

ScramServer::ScramServer(ScramHash hash, std::string password)
    : hash_(hash), password_(std::move(password))
{
}

void ScramServer::use(std::string nonce, std::string salt)
{
    nonce_ = std::move(nonce);
    salt_ = std::move(salt);
}

std::string ScramServer::first(std::string_view client_first)
{
    client_first_bare_ =
        client_first.substr(client_first.find(",,") + 2);  // nobody else's identity
    server_first_ = "r=" + field(client_first_bare_, "r=") + nonce_ + ",s=" + salt_
        + ",i=" + std::to_string(iterations);
    return server_first_;
}

std::string ScramServer::last(std::string_view client_final)
{
    const std::string_view without_proof = client_final.substr(0, client_final.rfind(",p="));
    const std::string message =
        client_first_bare_ + "," + server_first_ + "," + std::string(without_proof);
    const std::string salted = salted_password();
    const std::string client_key = keyed(salted, "Client Key");
    std::string proof = keyed(digest(client_key), message);
    for (std::size_t i = 0; i < proof.size(); ++i)
        proof[i] = static_cast<char>(proof[i] ^ client_key[i]);
    bound_to_ = decode(field(client_final, "c="));
    client_proved_ = field(client_final, "p=") == encode(proof);
    return "v=" + encode(keyed(keyed(salted, "Server Key"), message));
}

std::string ScramServer::keyed(std::string_view key, std::string_view text) const
{
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    HMAC(
        algorithm(hash_), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
        octets(result), &size);
    result.resize(size);
    return result;
}

std::string ScramServer::digest(std::string_view text) const
{
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), octets(result), &size, algorithm(hash_), nullptr);
    result.resize(size);
    return result;
}

std::string ScramServer::salted_password() const
{
    const std::string salt = decode(salt_);
    std::string result(static_cast<std::size_t>(EVP_MD_get_size(algorithm(hash_))), '\0');
    PKCS5_PBKDF2_HMAC(
        password_.data(), static_cast<int>(password_.size()), octets(std::string_view(salt)),
        static_cast<int>(salt.size()), iterations, algorithm(hash_),
        static_cast<int>(result.size()), octets(result));
    return result;
}

}  // namespace offlineimap::imap::test
