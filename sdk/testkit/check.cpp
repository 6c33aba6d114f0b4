// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <cstdlib>
#include <system_error>

namespace offlineimap::testkit {

std::string to_text(Errc code)
{
    switch (code) {
        using enum Errc;
    case cancelled:
        return "cancelled";
    case config:
        return "config";
    case auth:
        return "auth";
    case tls:
        return "tls";
    case network:
        return "network";
    case timeout:
        return "timeout";
    case unavailable:
        return "unavailable";
    case busy:
        return "busy";
    case protocol:
        return "protocol";
    case not_found:
        return "not_found";
    case exists:
        return "exists";
    case permission:
        return "permission";
    case quota:
        return "quota";
    case too_large:
        return "too_large";
    case rejected:
        return "rejected";
    case unsupported:
        return "unsupported";
    case stopped:
        return "stopped";
    case epoch_changed:
        return "epoch_changed";
    case corrupt:
        return "corrupt";
    case io:
        return "io";
    case internal:
        return "internal";
    }
    return "an error that is not known";
}

TemporaryDirectory::TemporaryDirectory()
{
    std::string name = (std::filesystem::temp_directory_path() / "offlineimap-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("cannot make a temporary directory " + name);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace offlineimap::testkit
