// SPDX-License-Identifier: Apache-2.0
#include "account_stores.hpp"
#include "problems.hpp"
#include "run.hpp"

#include "core/sync/pairing.hpp"

namespace offlineimap::core {
namespace {

class Info {
public:
    Info(const Program& program, const AccountSettings& account)
        : program_(program), account_(account), stores_(program, account)
    {
    }

    void show()
    {
        line("Account " + account_.name);
        const auto repositories = stores_.repositories();
        for (const auto side : sync::both_sides)
            show_repository(side, *repositories[side]);
        show_pairs();
    }

private:
    void line(const std::string& text) const { program_.bus.log(Level::info, text); }

    void show_repository(sync::Side side, Repository& repository)
    {
        const auto& settings = side == sync::Side::left ? account_.local : account_.remote;
        line(
            std::string(side == sync::Side::left ? "Local" : "Remote") + " repository '"
            + settings.name + "': type '" + settings.type + "'");
        const auto session = repository.connect(program_.stop.now());
        for (const auto& [name, value] : session->describe())
            line("  " + name + ": " + value);
        folders_[side] = folders_of(*session, side);
        const auto rules = stores_.rules(sync::SyncRules::Mode::full);
        line("  Folderlist:");
        for (const auto& folder : folders_[side])
            line("   " + folder.name + (rules.folders[side].accepts(folder) ? "" : " (disabled)"));
    }

    /// A local root that is not there yet is made by the first synchronisation.
    std::vector<FolderInfo> folders_of(Session& session, sync::Side side) const
    {
        try {
            return session.folders();
        } catch (const Error& error) {
            if (side == sync::Side::right || error.code() != Errc::not_found) throw;
            line("  (not there yet)");
            return {};
        }
    }

    void show_pairs() const
    {
        const auto rules = stores_.rules(sync::SyncRules::Mode::full);
        const auto pairing = sync::pair_folders(folders_, rules.folders, rules.repositories);
        line("  Kept equal (local <-> remote):");
        for (const auto& pair : pairing.pairs)
            line(
                "   " + name_or_missing(pair.folder.left) + " <-> "
                + name_or_missing(pair.folder.right));
    }

    static std::string name_or_missing(const FolderInfo& folder)
    {
        return folder.path.empty() ? "(to be created)" : folder.name;
    }

    const Program& program_;
    const AccountSettings& account_;
    AccountStores stores_;
    sync::Both<std::vector<FolderInfo>> folders_;
};

}  // namespace

void show_info(const Program& program)
{
    for (const auto& account :
         account_settings(program.config, program.general, {program.script, {}})) {
        try {
            Info(program, account).show();
        } catch (const Error& error) {
            Event event;
            event.kind = EventKind::failure;
            event.level = Level::error;
            event.account = account.name;
            const auto text = failure_text(error);
            event.text = text;
            event.error = &error;
            program.bus.post(event);
        }
    }
}

}  // namespace offlineimap::core
