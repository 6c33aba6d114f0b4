// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include "core/config/account.hpp"
#include "core/config/mbnames.hpp"
#include "core/config/read.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& name)
{
    std::ostringstream text;
    text << std::ifstream(fs::path(EXAMPLES) / name).rdbuf();
    return text.str();
}

/// A sample with every option that it shows switched on.
class Everything {
public:
    explicit Everything(const std::string& name)
        : file_(
            fs::temp_directory_path() / ("all-options-" + std::to_string(::getpid()) + "-" + name))
    {
        const std::regex option("(^|\n)( *)#([a-z][a-z0-9_.-]*)( =|:)");
        std::ofstream(file_) << std::regex_replace(text_of(name), option, "$1$2$3$4");
    }
    ~Everything() { fs::remove(file_); }
    Config read() const { return read_config(file_, {}); }

private:
    fs::path file_;
};

std::vector<std::string> names_of(const Section& section)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : section.options)
        names.push_back(name);
    return names;
}

/// The options of the sections of each kind.
std::map<std::string, std::vector<std::string>> options_of(const Config& config)
{
    std::map<std::string, std::vector<std::string>> options {
        {"general", names_of(config.general)},
        {"mbnames", names_of(config.mbnames.value())},
        {"account", names_of(config.accounts.at(0))},
        {"maildir", names_of(*config.repository("Local"))},
        {"imap", names_of(*config.repository("Remote"))},
        {"gmail", names_of(*config.repository("Gmail"))}};
    options["repository"] = options["maildir"];
    return options;
}

AccountSettings only_account(const Config& config)
{
    const auto accounts = account_settings(config, general_settings(config));
    EXPECT_EQ(accounts.size(), 1U);
    EXPECT_THAT(accounts.at(0).warnings, testing::IsEmpty());
    return accounts.at(0);
}

/// Reads what the plugins of both sides would read.
void expect_settings(const Config& config, const AccountSettings& account)
{
    const SectionSettings local(
        maildir::option_table, repository_source(config, account, account.local, nullptr));
    const SectionSettings remote(
        imap::imap_options, repository_source(config, account, account.remote, nullptr));
    EXPECT_THAT(local.warnings(), testing::IsEmpty());
    EXPECT_THAT(remote.warnings(), testing::IsEmpty());
    EXPECT_TRUE(local.has("localfolders"));
    EXPECT_TRUE(remote.has("remotehost"));
}

class Sample : public testing::TestWithParam<const char*> { };

TEST_P(Sample, is_a_configuration_as_it_is)
{
    const auto config = read_config(fs::path(EXAMPLES) / GetParam(), {});
    EXPECT_THAT(config.warnings, testing::IsEmpty());
    EXPECT_FALSE(mbnames_settings(config, nullptr));
    expect_settings(config, only_account(config));
}

INSTANTIATE_TEST_SUITE_P(
    Files, Sample,
    testing::Values(
        "offlineimap.conf", "offlineimap.conf.minimal", "offlineimap.yaml",
        "offlineimap.minimal.yaml"));

class FullSample : public testing::TestWithParam<const char*> { };

TEST_P(FullSample, shows_nothing_that_is_unknown)
{
    for (const auto& [kind, names] : options_of(Everything(GetParam()).read()))
        if (kind != "repository") {
            EXPECT_THAT(known(kind), testing::IsSupersetOf(names)) << kind;
        }
}

INSTANTIATE_TEST_SUITE_P(
    Files, FullSample, testing::Values("offlineimap.conf", "offlineimap.yaml"));

/// Explained: a comment stands above it, or above those that it follows without an empty line.
std::vector<std::string> unexplained(const std::string& sample)
{
    const std::regex option("^ *#?([a-z][a-z0-9_.-]*)( =|: ).*");
    std::vector<std::string> names;
    bool is_explained = false;
    std::istringstream text(text_of(sample));
    std::smatch match;
    for (std::string line; std::getline(text, line);) {
        const auto begin = line.find_first_not_of(' ');
        const auto rest = begin == line.npos ? std::string() : line.substr(begin);
        if (rest.empty() || rest.starts_with('[')) is_explained = false;
        if (rest.starts_with("# ")) is_explained = true;
        if (!is_explained && std::regex_match(line, match, option)) names.push_back(match[1]);
    }
    return names;
}

TEST(FullSamples, explain_every_option)
{
    EXPECT_THAT(unexplained("offlineimap.conf"), testing::IsEmpty());
    EXPECT_THAT(unexplained("offlineimap.yaml"), testing::IsEmpty());
}

/// Every option of the original, and every one of ours.
std::map<std::string, std::set<std::string>> wanted()
{
    std::map<std::string, std::set<std::string>> wanted;
    for (const auto& [kind, option] : read_original())
        wanted[kind].insert(option);
    const auto add = [&](const char* kind, std::span<const Option> options) {
        for (const auto& option : options)
            wanted[kind].insert(option.name);
    };
    add("general", core_options(SectionKind::general));
    add("mbnames", core_options(SectionKind::mbnames));
    add("account", core_options(SectionKind::account));
    add("repository", core_options(SectionKind::repository));
    add("maildir", maildir::option_table);
    add("imap", imap::imap_options);
    return wanted;
}

TEST(FullSamples, have_every_option)
{
    auto shown = options_of(Everything("offlineimap.conf").read());
    for (const auto& [kind, options] : wanted())
        EXPECT_THAT(shown[kind], testing::IsSupersetOf(options)) << kind;
}

TEST(FullSamples, have_every_option_in_yaml_but_those_that_are_python)
{
    const std::set<std::string> nothing_in_yaml {
        "pythonfile", "sort_keyfunc",   "skipsleep",      "foldersort", "copy_ignore_eval",
        "sep",        "remotehosteval", "remoteporteval", "nametrans",  "folderfilter"};
    auto shown = options_of(Everything("offlineimap.yaml").read());
    for (const auto& [kind, options] : wanted()) {
        if (kind == "gmail") continue;  // without effect
        for (const auto& option : options) {
            const bool python = option.find("eval") != option.npos
                || (nothing_in_yaml.contains(option) && !(kind == "maildir" && option == "sep")
                    && !(kind == "mbnames" && option == "sep"));
            const bool secret = option == "remotepass" || option.starts_with("oauth2_");
            if (python) continue;
            const bool there = std::ranges::any_of(shown[kind], [&](const std::string& name) {
                return name == option || (secret && name == option + ".command");
            });
            EXPECT_TRUE(there) << kind << " " << option;
        }
    }
}

}  // namespace
}  // namespace offlineimap::core
