// SPDX-License-Identifier: Apache-2.0
#include "maintenance.hpp"

#include "account_lock.hpp"
#include "account_stores.hpp"
#include "folder_names.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/facets.hpp>

#include <algorithm>

namespace offlineimap::core {
namespace {

void migrate_marks(const Program& program, const AccountSettings& account)
{
    const AccountLock lock(program.general.metadata, account.name);
    AccountStores stores(program, account);
    auto* naming =
        static_cast<FolderNaming*>(stores.repositories().left->facet(FolderNaming::facet_name));
    if (naming == nullptr)
        throw Error(
            Errc::config,
            concat(
                "account ", account.name,
                ": its local repository is no Maildir, whose files "
                "could be marked anew"));
    const auto wanted = program.general.dry_run ? Doing::nothing : Doing::it;
    const auto count = naming->mark_anew(wanted, program.stop.now());
    program.bus.log(
        Level::info,
        concat(
            program.general.dry_run ? "[DRYRUN] " : "", "account ", account.name, ": ",
            std::to_string(count), " files marked anew"));
}

}  // namespace

void prune_folder_names(const Program& program)
{
    FolderNames(program).prune();
}

void delete_remote_folder(const Program& program, const std::string& name)
{
    const auto accounts = account_settings(program.config, program.general, {program.script, {}});
    if (accounts.size() != 1)
        throw Error(
            Errc::config,
            concat(
                "--delete-folder needs exactly one account, chosen with -a; there are ",
                join(program.general.accounts, ", ")));
    const auto& account = accounts.front();
    const AccountLock lock(program.general.metadata, account.name);
    AccountStores stores(program, account);
    const auto session = stores.repositories().right->connect(program.stop.now());
    const auto folders = session->folders();
    const auto found = std::ranges::find(folders, name, &FolderInfo::name);
    const auto whole = concat(name, "[", account.remote.name, "]");
    if (found == folders.end()) {
        std::vector<std::string> names;
        std::ranges::transform(folders, std::back_inserter(names), &FolderInfo::name);
        throw Error(
            Errc::not_found, concat("there is no folder ", whole, did_you_mean(name, names)));
    }
    program.bus.log(
        Level::info, concat(program.general.dry_run ? "[DRYRUN] " : "", "Deleting folder ", whole));
    if (!program.general.dry_run) session->delete_folder(found->path);
}

void migrate_marks(const Program& program)
{
    for (const auto& account :
         account_settings(program.config, program.general, {program.script, {}}))
        migrate_marks(program, account);
}

}  // namespace offlineimap::core
