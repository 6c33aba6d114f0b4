// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "mark_migration.hpp"
#include "name_probe.hpp"

#include "session.hpp"

namespace offlineimap::maildir {

MaildirRepository::MaildirRepository(Host& host) : shared_(host, read_options(host.settings())) { }

void MaildirRepository::choose_separator()
{
    auto& separator = shared_.options.info_separator;
    if (separator == InfoSeparator::exclamation || takes_colons(shared_.options.root)) return;
    separator = InfoSeparator::exclamation;
    shared_.host.log(
        Level::info,
        shared_.options.root.string()
            + ": this file system takes no \":\" in names, so \"!\" is written "
              "(maildir-windows-compatible)");
}

bool MaildirRepository::folds_case()
{
    return maildir::folds_case(shared_.options.root);
}

void* MaildirRepository::facet(std::string_view name) noexcept
{
    if (name == FolderNaming::facet_name) return static_cast<FolderNaming*>(this);
    if (name == FileChanges::facet_name) return static_cast<FileChanges*>(this);
    if (name == FolderCase::facet_name) return static_cast<FolderCase*>(this);
    return nullptr;
}

std::uint64_t MaildirRepository::mark_anew(Doing doing, const Cancel& cancel)
{
    return migrate_marks(shared_.tree, shared_.options, doing, cancel);
}

std::unique_ptr<Session> MaildirRepository::connect(const Cancel& cancel)
{
    cancel.check();
    std::call_once(separator_chosen_, [this] { choose_separator(); });
    return std::make_unique<MaildirSession>(shared_, cancel);
}

}  // namespace offlineimap::maildir
