// SPDX-License-Identifier: Apache-2.0
#include "fake_script.hpp"
#include "temporary_file.hpp"

#include "core/config/secrets.hpp"
#include "core/text/strings.hpp"

#include <gmock/gmock.h>

using namespace offlineimap::core;
using offlineimap::Errc;
using offlineimap::Error;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

struct FakeKeyring final : Keyring {
    std::map<std::string, std::string> secrets;  ///< by "service/user"
    std::string problem;

    std::optional<std::string> find(const KeyringEntry& entry, const offlineimap::Cancel*) override
    {
        if (!problem.empty()) throw Error(Errc::auth, problem);
        const auto found = secrets.find(entry.service + "/" + entry.user);
        return found == secrets.end() ? std::nullopt : std::optional(found->second);
    }
    void
    store(const KeyringEntry& entry, const std::string& secret, const offlineimap::Cancel*) override
    {
        if (!problem.empty()) throw Error(Errc::auth, problem);
        secrets[entry.service + "/" + entry.user] = secret;
    }
};

/// One repository and what surrounds it.
struct World {
    TemporaryFolder folder;
    Section section {.title = "Repository r", .name = "r", .where = "rc:1"};
    Section general {.title = "general", .name = "general", .where = "rc:9"};
    std::vector<std::string> questions, warnings;
    std::vector<std::string> answers;  ///< of the user, the last one first
    FakeScript script;
    FakeKeyring keyring;

    void set(std::string_view option, std::string value)
    {
        section.set(option, {.text = std::move(value), .where = "rc:2"});
    }

    SecretContext context()
    {
        return {
            .chain = {&section, &general},
            .host = "mail.example.org",
            .user = "ann",
            .script = &script,
            .netrc_files = {folder.path() / "netrc", folder.path() / "etc-netrc"},
            .keyring = &keyring,
            .ask = [this](std::string_view question) -> std::optional<std::string> {
                questions.emplace_back(question);
                if (answers.empty()) return std::nullopt;
                auto answer = std::move(answers.back());
                answers.pop_back();
                return answer;
            },
            .warn = [this](std::string_view line) { warnings.emplace_back(line); }};
    }
};

std::string error_of(Secrets& secrets, bool fresh = false)
{
    try {
        static_cast<void>(secrets.get("remotepass", "sign in failed", fresh));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::auth);
        return error.what();
    }
    return "no error";
}

std::string password(World& world)
{
    Secrets secrets(world.context());
    return secrets.get("remotepass", "", false);
}

}  // namespace

TEST(Secrets, each_source_comes_before_the_next)
{
    World world;
    world.answers = {"prompted"};
    EXPECT_EQ(password(world), "prompted");
    world.keyring.secrets["mail.example.org/ann"] = "kept";
    EXPECT_EQ(password(world), "kept");
    world.folder.write("etc-netrc", "machine mail.example.org login ann password etc\n");
    EXPECT_EQ(password(world), "etc");
    world.folder.write("netrc", "machine mail.example.org login ann password own\n");
    EXPECT_EQ(password(world), "own");
    world.set("remotepassfile", world.folder.write("pw", "from file \nmore\n").string());
    EXPECT_EQ(password(world), "from file");
    world.set("remotepass.command", "echo from command");
    EXPECT_EQ(password(world), "from command");
    world.set("remotepass", "plain # text");
    EXPECT_EQ(password(world), "plain # text");
    world.script.functions["call()"] = [](const std::string&) {
        return offlineimap::Value("evaluated\n");
    };
    world.set("remotepasseval", "call()");
    EXPECT_EQ(password(world), "evaluated");
    EXPECT_THAT(world.warnings, ElementsAre());
}

TEST(Secrets, a_constant_expression_needs_no_script)
{
    World world;
    world.set("remotepasseval", "'a' \"b\"");
    auto context = world.context();
    context.script = nullptr;
    EXPECT_EQ(Secrets(context).get("remotepass", "", false), "ab");
}

TEST(Secrets, another_section_may_hold_it)
{
    World world;
    world.general.set("remotepass", {.text = "general", .where = "rc:9"});
    EXPECT_EQ(password(world), "general");
}

TEST(Secrets, a_netrc_entry_of_another_user_is_not_ours)
{
    World world;
    world.answers = {"prompted"};
    world.folder.write("netrc", "machine mail.example.org login bob password no\n");
    EXPECT_EQ(password(world), "prompted");
}

TEST(Secrets, an_answer_is_remembered_until_it_is_refused)
{
    World world;
    world.answers = {"third", "second"};
    world.set("remotepass", "first");
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("remotepass", "", false), "first");
    EXPECT_EQ(secrets.get("remotepass", "server said NO", true), "second");
    EXPECT_EQ(secrets.get("remotepass", "", false), "second");
    EXPECT_EQ(secrets.get("remotepass", "server said NO", true), "third");
    EXPECT_THAT(
        world.questions,
        ElementsAre(
            "server said NO; Enter password for user 'ann' at mail.example.org: ",
            "server said NO; Enter password for user 'ann' at mail.example.org: "));
}

TEST(Secrets, what_was_refused_is_not_given_out_again)
{
    World world;
    world.set("remotepass", "wrong");
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("remotepass", "", false), "wrong");
    EXPECT_THAT(error_of(secrets, true), HasSubstr("no other password"));
    EXPECT_THAT(error_of(secrets), HasSubstr("sign in failed: the server refused it before"));
    secrets.forget_refusals();
    EXPECT_EQ(secrets.get("remotepass", "", false), "wrong");
}

TEST(Secrets, another_secret_in_its_place_is_given_out)
{
    World world;
    const auto file = world.folder.write("pw", "wrong\n");
    world.set("remotepassfile", file.string());
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("remotepass", "", false), "wrong");
    EXPECT_NE(error_of(secrets, true), "no error");
    EXPECT_NE(error_of(secrets), "no error");
    world.folder.write("pw", "right\n");
    EXPECT_EQ(secrets.get("remotepass", "", false), "right");
}

TEST(Secrets, who_types_the_same_again_wants_it_to_be_tried)
{
    World world;
    world.set("remotepass", "wrong");
    world.answers = {"wrong"};
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("remotepass", "", false), "wrong");
    EXPECT_EQ(secrets.get("remotepass", "", true), "wrong");
    EXPECT_EQ(secrets.get("remotepass", "", false), "wrong");
    EXPECT_THAT(world.questions, testing::SizeIs(1));
}

TEST(Secrets, a_command_is_asked_again_before_the_user)
{
    World world;
    world.set(
        "oauth2_access_token.command",
        concat("cd ", world.folder.path().string(), " && echo x >> count && wc -l < count"));
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("oauth2_access_token", "", false), "1");
    EXPECT_EQ(secrets.get("oauth2_access_token", "", false), "1");
    EXPECT_EQ(secrets.get("oauth2_access_token", "expired", true), "2");
    EXPECT_THAT(world.questions, ElementsAre());
}

TEST(Secrets, without_an_answer_it_says_what_can_be_set)
{
    World world;
    Secrets secrets(world.context());
    EXPECT_EQ(
        error_of(secrets),
        "no password for user 'ann' at mail.example.org is known: set remotepass, remotepassfile "
        "or remotepass.command in rc:1");
}

TEST(Secrets, an_error_holds_no_secret)
{
    World world;
    world.set("remotepass", "hunter2");
    Secrets secrets(world.context());
    static_cast<void>(secrets.get("remotepass", "", false));
    EXPECT_THAT(error_of(secrets, true), Not(HasSubstr("hunter2")));
}

TEST(Secrets, a_failed_command_is_named_by_its_place)
{
    World world;
    world.set("remotepass.command", "exit 1 # hunter2");
    Secrets secrets(world.context());
    EXPECT_EQ(
        error_of(secrets),
        "rc:2: [Repository r] remotepass.command: run the command for a secret: it ended with "
        "status 1");
}

TEST(Secrets, files_that_others_can_read_are_warned_of_once)
{
    World world;
    const auto file = world.folder.write("pw", "secret");
    std::filesystem::permissions(
        file, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
    world.set("remotepassfile", file.string());
    world.answers = {"prompted"};
    Secrets secrets(world.context());
    static_cast<void>(secrets.get("remotepass", "", false));
    static_cast<void>(secrets.get("remotepass", "", true));
    EXPECT_THAT(
        world.warnings,
        ElementsAre(
            concat("rc:2: [Repository r] remotepassfile: other users can read ", file.string())));
}

TEST(Secrets, a_netrc_that_others_can_write_is_refused)
{
    World world;
    const auto file = world.folder.write("netrc", "machine mail.example.org password p\n");
    std::filesystem::permissions(
        file, std::filesystem::perms::others_write, std::filesystem::perm_options::add);
    Secrets secrets(world.context());
    EXPECT_THROW(static_cast<void>(secrets.get("remotepass", "", false)), Error);
}

TEST(Secrets, the_user_may_come_from_netrc)
{
    World world;
    const std::vector files {
        world.folder.write("netrc", "machine mail.example.org login ann password p\n")};
    world.set("remotehost", "mail.example.org");
    const offlineimap::Option options[] {
        {"remotehost", offlineimap::OptionType::text, "", ""},
        {"remoteuser", offlineimap::OptionType::text, "", ""}};
    SectionSettings settings(options, {.chain = {&world.section}});
    supply_remote_user(settings, files);
    EXPECT_EQ(settings.text("remoteuser"), "ann");
    EXPECT_EQ(settings.where("remoteuser"), files.front());
    world.set("remoteuser", "bob");
    SectionSettings own(options, {.chain = {&world.section}});
    supply_remote_user(own, files);
    EXPECT_EQ(own.text("remoteuser"), "bob");
}

TEST(Secrets, yaml_says_where_they_are)
{
    World world;
    world.answers = {"prompted"};
    world.folder.write("netrc", "machine mail.example.org login ann password own\n");
    world.keyring.secrets = {{"mail.example.org/ann", "kept"}, {"elsewhere/ann", "other"}};
    world.set("remotepass.prompt", "yes");
    EXPECT_EQ(password(world), "prompted");
    world.set("remotepass.keyring", "yes");
    EXPECT_EQ(password(world), "kept");
    world.set("remotepass.keyring", "elsewhere");
    EXPECT_EQ(password(world), "other");
    world.set("remotepass.netrc", "yes");
    EXPECT_EQ(password(world), "own");
    const auto mine = world.folder.write("mine", "machine mail.example.org password third\n");
    world.set("remotepass.netrc", mine.string());
    EXPECT_EQ(password(world), "third");
    world.set("remotepass.file", world.folder.write("pw", "fourth\n").string());
    EXPECT_EQ(password(world), "fourth");
}

TEST(Secrets, a_token_has_its_own_entry_in_the_keyring)
{
    World world;
    world.keyring.secrets = {{"mail.example.org oauth2_refresh_token/ann", "token"}};
    world.set("oauth2_refresh_token.keyring", "yes");
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("oauth2_refresh_token", "", false), "token");
}

TEST(Secrets, a_keyring_that_cannot_be_asked_is_a_mistake_only_where_it_is_named)
{
    World world;
    world.answers = {"prompted"};
    world.keyring.problem = "ask the keyring: there is no session bus here";
    EXPECT_EQ(password(world), "prompted");
    world.set("remotepass.keyring", "yes");
    Secrets secrets(world.context());
    EXPECT_THAT(error_of(secrets), HasSubstr("no session bus"));
}

TEST(Secrets, a_wrong_entry_in_the_keyring_is_asked_for_and_replaced)
{
    World world;
    world.keyring.secrets["mail.example.org/ann"] = "old";
    world.answers = {"new"};
    Secrets secrets(world.context());
    EXPECT_EQ(secrets.get("remotepass", "", false), "old");
    secrets.update_keyring();
    EXPECT_EQ(secrets.get("remotepass", "sign in failed", true), "new");
    secrets.update_keyring();
    EXPECT_EQ(world.keyring.secrets["mail.example.org/ann"], "new");
}

TEST(Secrets, a_netrc_file_that_is_named_must_be_there)
{
    World world;
    world.set("remotepass.netrc", "/nowhere/netrc");
    Secrets secrets(world.context());
    EXPECT_THROW(static_cast<void>(secrets.get("remotepass", "", false)), Error);
}
