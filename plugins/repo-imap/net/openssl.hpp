// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace offlineimap::imap {

struct OpenSslDeleter {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL* connection) const noexcept { SSL_free(connection); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};
template <class T> using OpenSsl = std::unique_ptr<T, OpenSslDeleter>;

}  // namespace offlineimap::imap
