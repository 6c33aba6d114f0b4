// SPDX-License-Identifier: Apache-2.0
#include "tls_server.hpp"

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace offlineimap::imap::test {

namespace {

void require(bool condition, const char* what)
{
    if (!condition) throw std::runtime_error(what);
}

void add_extension(X509* certificate, int kind, const std::string& value)
{
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    require(extension != nullptr, "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void set_name(X509_NAME* name, const char* text)
{
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
}

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

File open_file(const std::string& path)
{
    File file(std::fopen(path.c_str(), "w"), &std::fclose);
    require(file != nullptr, "open file");
    return file;
}

void echo(SSL* connection)
{
    std::array<char, 4096> space {};
    for (int size = 0; (size = SSL_read(connection, space.data(), space.size())) > 0;)
        if (SSL_write(connection, space.data(), size) <= 0) return;
}

}  // namespace

Identity make_identity(const IdentityRequest& request)
{
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    std::uint32_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), request.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(certificate), request.valid_to);
    X509_set_pubkey(certificate, made.key.get());
    const bool is_authority = request.issuer == nullptr;
    set_name(X509_get_subject_name(certificate), is_authority ? request.name : "Test Server");
    const Identity& issuer = is_authority ? made : *request.issuer;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
    if (is_authority) add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, NID_subject_alt_name, request.alternative_names);
    require(X509_sign(certificate, issuer.key.get(), EVP_sha256()) > 0, "sign");
    return made;
}

ScratchFolder::ScratchFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "net-test-XXXXXX").string();
    require(mkdtemp(pattern.data()) != nullptr, "mkdtemp");
    path_ = pattern;
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string ScratchFolder::write_certificate(const Identity& identity, const char* name) const
{
    std::string path = path_ / name;
    PEM_write_X509(open_file(path).get(), identity.certificate.get());
    return path;
}

std::string ScratchFolder::write_key(const Identity& identity, const char* name) const
{
    std::string path = path_ / name;
    PEM_write_PrivateKey(
        open_file(path).get(), identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return path;
}

std::string ScratchFolder::write_encrypted_key(const Identity& identity, const char* name) const
{
    std::string path = path_ / name;
    const std::string password = "shut";
    PEM_write_PrivateKey(
        open_file(path).get(), identity.key.get(), EVP_aes_128_cbc(),
        reinterpret_cast<const unsigned char*>(password.data()), static_cast<int>(password.size()),
        nullptr, nullptr);
    return path;
}

OneShotServer::OneShotServer(std::function<void(int)> serve)
{
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket layer, here on the server's side
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    require(bind(listener_, generic, size) == 0 && listen(listener_, 1) == 0, "listen");
    getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
        const int connection = accept(listener_, nullptr, nullptr);
        if (connection < 0) return;
        serve(connection);
        close(connection);
    });
}

OneShotServer::~OneShotServer()
{
    shutdown(listener_, SHUT_RDWR);
    join();
    close(listener_);
}

void OneShotServer::join()
{
    if (thread_.joinable()) thread_.join();
}

void serve_tls(int socket, const TlsServing& serving)
{
    const OpenSsl<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), serving.identity->certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), serving.identity->key.get());
    SSL_CTX_set_max_proto_version(context.get(), serving.highest_version);
    if (serving.highest_version == TLS1_1_VERSION) {
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_security_level(context.get(), 0);
    }
    if (serving.client_authority) {
        X509_STORE_add_cert(
            SSL_CTX_get_cert_store(context.get()), serving.client_authority->certificate.get());
        SSL_CTX_set_verify(
            context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    const OpenSsl<SSL> connection(SSL_new(context.get()));
    SSL_set_fd(connection.get(), socket);
    if (SSL_accept(connection.get()) != 1) return;
    if (serving.talk)
        serving.talk(connection.get());
    else
        echo(connection.get());
}

}  // namespace offlineimap::imap::test
