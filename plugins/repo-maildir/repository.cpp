// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "session.hpp"

namespace offlineimap::maildir {

MaildirRepository::MaildirRepository(Host& host) : shared_(host, read_options(host.settings())) { }

std::unique_ptr<Session> MaildirRepository::connect(const Cancel& cancel)
{
    cancel.check();
    return std::make_unique<MaildirSession>(shared_, cancel);
}

}  // namespace offlineimap::maildir
