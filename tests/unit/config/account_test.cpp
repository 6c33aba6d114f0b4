// SPDX-License-Identifier: Apache-2.0
#include "temporary_file.hpp"

#include "core/config/account.hpp"
#include "core/config/read.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

using namespace offlineimap::core;
using namespace std::chrono_literals;
using testing::ElementsAre;

namespace {

const std::string repositories = R"(
[Repository here]
type = Maildir
localfolders = ~/Mail
[Repository there]
type = IMAP
remotehost = mail.example.org
)";

Config read(const std::string& text, const Overrides& overrides = {}, const char* name = "rc")
{
    const TemporaryFolder folder;
    return read_config(folder.write(name, text), overrides);
}

Config with_account(const std::string& options, const Overrides& overrides = {})
{
    return read(
        "[general]\naccounts = work\n[Account work]\nlocalrepository = here\n"
        "remoterepository = there\n"
            + options + repositories,
        overrides);
}

AccountSettings only_account(const Config& config)
{
    return account_settings(config, general_settings(config)).at(0);
}

std::string error_of(const Config& config)
{
    try {
        static_cast<void>(only_account(config));
    } catch (const offlineimap::Error& error) {
        EXPECT_EQ(error.code(), offlineimap::Errc::config);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(Account, defaults_are_those_of_the_original)
{
    const auto config = with_account("");
    const auto account = only_account(config);
    EXPECT_EQ(account.name, "work");
    EXPECT_EQ(account.local.name, "here");
    EXPECT_EQ(account.local.type, "maildir");
    EXPECT_EQ(account.remote.type, "imap");
    EXPECT_EQ(account.remote.section, config.repository("there"));
    EXPECT_TRUE(account.local.create_folders);
    EXPECT_FALSE(account.remote.readonly);
    EXPECT_TRUE(account.remote.sync_deletes);
    EXPECT_EQ(account.autorefresh, 0s);
    EXPECT_EQ(account.quick, 0);
    EXPECT_EQ(account.status_backend, "sqlite");
    EXPECT_EQ(account.max_deletes.percent, 50U);
    EXPECT_FALSE(account.max_size);
    EXPECT_FALSE(account.max_age);
    EXPECT_THAT(account.warnings, ElementsAre());
}

TEST(Account, takes_the_status_store_of_the_general_section_if_it_names_none)
{
    auto silent = with_account("");
    silent.general.set("status_backend", {.text = "LMDB"});
    EXPECT_EQ(only_account(silent).status_backend, "lmdb");
    auto own = with_account("status_backend = plain");
    own.general.set("status_backend", {.text = "lmdb"});
    EXPECT_EQ(only_account(own).status_backend, "plain");
}

TEST(Account, options_are_typed)
{
    const auto config =
        with_account("autorefresh = 0.5\nquick = -1\nmaxsize = 2M\nmaxage = 30\nmax_deletes = 100\n"
                     "filterheaders = X-A, X-B\npresynchook = echo a\n");
    const auto account = only_account(config);
    EXPECT_EQ(account.autorefresh, 30s);
    EXPECT_EQ(account.quick, -1);
    EXPECT_EQ(account.max_size, 2U << 20);
    EXPECT_EQ(account.max_age, AgeLimit(std::chrono::days(30)));
    EXPECT_EQ(account.max_deletes.messages, 100U);
    EXPECT_FALSE(account.max_deletes.percent);
    EXPECT_THAT(account.filter_headers, ElementsAre("X-A", "X-B"));
    EXPECT_EQ(account.presync_hook, "echo a");
}

TEST(Account, maxage_may_be_a_day)
{
    using namespace std::chrono;
    const auto account = only_account(with_account("maxage = 2020-02-29\n"));
    EXPECT_EQ(account.max_age, AgeLimit(sys_days(2020y / February / 29)));
    EXPECT_EQ(
        error_of(with_account("maxage = 2021-02-29\n")),
        "rc:6: [Account work] maxage: expected a number of days, or a day as 2024-12-31, not in "
        "the future");
}

TEST(Account, a_readonly_repository_creates_no_folders)
{
    const auto config =
        read("[general]\naccounts=a\n[Account a]\nlocalrepository=l\nremoterepository=r\n"
             "[Repository l]\ntype=Maildir\n[Repository r]\ntype=IMAP\nreadonly=True\n");
    EXPECT_TRUE(only_account(config).remote.readonly);
    EXPECT_FALSE(only_account(config).remote.create_folders);
}

TEST(Account, unknown_names_come_with_those_that_are)
{
    EXPECT_EQ(
        error_of(read("[general]\naccounts = wrok\n[Account work]\n[Account home]\n")),
        "rc:2: [general] accounts: there is no account \"wrok\", did you mean \"work\"; there are: "
        "work, home");
    EXPECT_EQ(
        error_of(read(
            "[general]\naccounts = a\n[Account a]\nlocalrepository = xyz\n"
            "remoterepository = there\n"
            + repositories)),
        "rc:4: [Account a] localrepository: there is no repository \"xyz\"; there are: here, "
        "there");
}

TEST(Account, unknown_options_are_warned_of_in_rc_files)
{
    const auto config = with_account("quik = 1\n");
    EXPECT_THAT(
        only_account(config).warnings,
        ElementsAre("rc:6: [Account work] unknown option \"quik\", did you mean \"quick\""));
}

TEST(Account, options_of_the_default_section_are_nowhere_unknown)
{
    const auto config = read(
        "[DEFAULT]\nmaxage = 3\ncreatefolders = no\n[general]\naccounts = a\n[Account a]\n"
        "localrepository = here\nremoterepository = there\n"
        + repositories);
    EXPECT_THAT(general_settings(config).warnings, ElementsAre());
    EXPECT_THAT(only_account(config).warnings, ElementsAre());
    EXPECT_TRUE(only_account(config).max_age);
    EXPECT_FALSE(only_account(config).remote.create_folders);
}

TEST(Account, only_the_chosen_accounts_are_checked)
{
    const auto config = with_account("[Account broken]\nlocalrepository = nowhere\n");
    EXPECT_EQ(only_account(config).name, "work");
}

TEST(Account, a_missing_option_says_what_it_is_for)
{
    EXPECT_EQ(
        error_of(
            read("[general]\naccounts = a\n[Account a]\nlocalrepository = here\n" + repositories)),
        "rc:3: [Account a] remoterepository is not set: the repository on the other side");
}

TEST(Account, functions_of_an_rc_file_need_a_script)
{
    const auto text =
        "[general]\naccounts = a\n[Account a]\nlocalrepository = here\nremoterepository = there\n"
        + repositories + "copy_ignore_eval = f\n";
    EXPECT_THAT(
        error_of(read(text)),
        testing::HasSubstr("[Repository there] copy_ignore_eval: is a Python expression"));
}

TEST(Account, a_plugin_may_look_into_the_account_s_section)
{
    const auto config = with_account("newoption = 1\n");
    const offlineimap::Option options[] {{"newoption", offlineimap::OptionType::flag, "", ""}};
    const auto general = general_settings(config);
    const auto accounts =
        account_settings(config, general, {.script = nullptr, .components = options});
    EXPECT_THAT(accounts.at(0).warnings, ElementsAre());
    const SectionSettings settings(
        options, repository_source(config, accounts[0], accounts[0].remote, nullptr));
    EXPECT_TRUE(settings.flag("newoption"));
}

TEST(Account, the_status_store_shares_the_local_repository_s_section)
{
    const auto config = with_account("");
    const auto account = only_account(config);
    const offlineimap::Option options[] {
        {"localfolders", offlineimap::OptionType::path, nullptr, ""}};
    const SectionSettings settings(options, status_source(config, account, nullptr));
    EXPECT_THAT(settings.text("localfolders"), testing::EndsWith("/Mail"));
    EXPECT_THAT(settings.warnings(), ElementsAre());
}

TEST(Account, options_of_the_command_line_win)
{
    const auto config = with_account(
        "autorefresh = 5\n[Account home]\nlocalrepository = here\nremoterepository = there\n",
        {.accounts = "home , work", .once = true, .quick = true, .dry_run = true});
    const auto general = general_settings(config);
    EXPECT_THAT(general.accounts, ElementsAre("home", "work"));
    EXPECT_TRUE(general.dry_run);
    const auto work = account_settings(config, general).at(1);
    EXPECT_EQ(work.autorefresh, 0s);
    EXPECT_EQ(work.quick, -1);
}

TEST(General, has_defaults)
{
    setenv("HOME", "/home/ann", 1);
    const auto general = general_settings(with_account(""));
    EXPECT_EQ(general.metadata, "/home/ann/.offlineimap");
    EXPECT_EQ(general.max_sync_accounts, 1U);
    EXPECT_THAT(general.interfaces, ElementsAre("ttyui"));
    EXPECT_TRUE(general.fsync);
    EXPECT_FALSE(general.dry_run);
}
