// SPDX-License-Identifier: Apache-2.0
#include "testkit/check.hpp"
#include "testkit/loaded_plugin.hpp"
#include "testkit/status_suite.hpp"
#include "testkit/test_host.hpp"

#include <gtest/gtest.h>
#include <tuple>

namespace offlineimap::testkit {
namespace {

class PluginBench final : public StatusBench {
public:
    explicit PluginBench(const Component& component)
        : component_(component), host_(component, directory_.path(), {{"fsync", "no"}})
    {
    }
    std::unique_ptr<StatusStore> store() override { return component_.make.status(host_); }

private:
    const Component& component_;
    TemporaryDirectory directory_;
    TestHost host_;
};

std::filesystem::path library(std::string_view type)
{
    return std::filesystem::path(OFFLINEIMAP_PLUGINS) / ("status-" + std::string(type) + ".so");
}

/// Those that were built.
std::vector<std::string> types()
{
    std::vector<std::string> found;
    for (const char* type : {"plain", "sqlite", "lmdb"})
        if (std::filesystem::exists(library(type))) found.emplace_back(type);
    return found;
}

using Parameter = std::tuple<std::string, StatusCheck>;

class Status : public testing::TestWithParam<Parameter> { };

TEST_P(Status, keeps)
{
    const auto& [type, check] = GetParam();
    PluginBench bench(find_component(load_plugin(library(type)), Kind::status, type));
    EXPECT_NO_THROW(check.run(bench));
}

INSTANTIATE_TEST_SUITE_P(
    plugin, Status,
    testing::Combine(
        testing::ValuesIn(types()),
        testing::ValuesIn(status_checks().begin(), status_checks().end())),
    [](const auto& test) { return std::get<0>(test.param) + "_" + std::get<1>(test.param).name; });

}  // namespace
}  // namespace offlineimap::testkit
