// SPDX-License-Identifier: Apache-2.0
#include "testkit/check.hpp"
#include "testkit/library_suite.hpp"
#include "testkit/loaded_plugin.hpp"
#include "testkit/repository_suite.hpp"
#include "testkit/test_host.hpp"

#include <gtest/gtest.h>

namespace offlineimap::testkit {
namespace {

/// A kind of place that needs no server: a plugin and its settings besides where the mail is.
struct Place {
    const char* name;
    const char* type;
    const char* path_option;
    TestSettings::Values settings;
};

const std::vector<Place>& places()
{
    static const std::vector<Place> all = {
        {"maildir", "maildir", "localfolders", {{"fsync", "no"}}},
        {"nested_maildir", "maildir", "localfolders", {{"fsync", "no"}, {"sep", "/"}}},
        {"maildir_with_keywords",
         "maildir",
         "localfolders",
         {{"fsync", "no"}, {"customflag_a", "$Work"}, {"maildir-windows-compatible", "yes"}}},
    };
    return all;
}

std::filesystem::path library_of(const Place& place)
{
    return std::filesystem::path(OFFLINEIMAP_PLUGINS) / (std::string("repo-") + place.type + ".so");
}

class Bench final : public RepositoryBench {
public:
    explicit Bench(const Place& place)
        : component_(find_component(load_plugin(library_of(place)), Kind::repository, place.type))
        , host_(component_, directory_.path() / "state", with_path(place))
    {
        std::filesystem::create_directory(directory_.path() / "mail");
    }
    std::unique_ptr<Repository> repository() override { return component_.make.repository(host_); }

private:
    TestSettings::Values with_path(const Place& place) const
    {
        TestSettings::Values values = place.settings;
        values.emplace(place.path_option, (directory_.path() / "mail").string());
        return values;
    }

    const Component& component_;
    TemporaryDirectory directory_;
    TestHost host_;
};

using Parameter = std::tuple<Place, RepositoryCheck>;

class RepositoryPlugin : public testing::TestWithParam<Parameter> { };

TEST_P(RepositoryPlugin, keeps)
{
    const auto& [place, check] = GetParam();
    Bench bench(place);
    EXPECT_NO_THROW(check.run(bench));
}

INSTANTIATE_TEST_SUITE_P(
    plugin, RepositoryPlugin,
    testing::Combine(
        testing::ValuesIn(places()),
        testing::ValuesIn(repository_checks().begin(), repository_checks().end())),
    [](const auto& test) {
        return std::string(std::get<0>(test.param).name) + "_" + std::get<1>(test.param).name;
    });

TEST(RepositoryLibrary, is_a_plugin)
{
    for (const Place& place : places())
        EXPECT_NO_THROW(check_library(library_of(place)));
}

TEST(RepositoryLibrary, what_is_no_plugin_is_refused)
{
    EXPECT_THROW(check_library("/proc/self/exe"), Broken);
    EXPECT_THROW(check_library("/dev/null"), Broken);
}

}  // namespace
}  // namespace offlineimap::testkit
