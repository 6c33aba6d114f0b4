// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "mark_migration.hpp"

#include "session.hpp"

namespace offlineimap::maildir {

MaildirRepository::MaildirRepository(Host& host) : shared_(host, read_options(host.settings())) { }

void* MaildirRepository::facet(std::string_view name) noexcept
{
    return name == FolderNaming::facet_name ? static_cast<FolderNaming*>(this) : nullptr;
}

std::uint64_t MaildirRepository::mark_anew(Doing doing, const Cancel& cancel)
{
    return migrate_marks(shared_.tree, shared_.options, doing, cancel);
}

std::unique_ptr<Session> MaildirRepository::connect(const Cancel& cancel)
{
    cancel.check();
    return std::make_unique<MaildirSession>(shared_, cancel);
}

}  // namespace offlineimap::maildir
