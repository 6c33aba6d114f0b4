// SPDX-License-Identifier: Apache-2.0
#include "testkit/check.hpp"
#include "testkit/loaded_plugin.hpp"
#include "testkit/test_host.hpp"
#include "testkit/ui_suite.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <tuple>

namespace offlineimap::testkit {
namespace {

class PluginBench final : public UiBench {
public:
    explicit PluginBench(const Component& component)
        : component_(component), host_(component, directory_.path())
    {
    }
    std::unique_ptr<Ui> ui() override { return component_.make.ui(host_); }

private:
    const Component& component_;
    TemporaryDirectory directory_;
    TestHost host_;
};

std::filesystem::path library(std::string_view type)
{
    return std::filesystem::path(OFFLINEIMAP_PLUGINS) / ("ui-" + std::string(type) + ".so");
}

/// Those that were built.
std::vector<std::string> types()
{
    std::vector<std::string> found;
    for (const char* type :
         {"quiet", "basic", "ttyui", "syslog", "machineui", "json", "blinkenlights", "tk",
          "tk-verbose"})
        if (std::filesystem::exists(library(type))) found.emplace_back(type);
    return found;
}

using Parameter = std::tuple<std::string, UiCheck>;

class UserInterface : public testing::TestWithParam<Parameter> { };

TEST_P(UserInterface, keeps)
{
    const auto& [type, check] = GetParam();
    // On a display there is a person.
    if (std::string_view(check.name) == "has_no_answer_without_a_person") ::unsetenv("DISPLAY");
    PluginBench bench(find_component(load_plugin(library(type)), Kind::ui, type));
    EXPECT_NO_THROW(check.run(bench));
}

INSTANTIATE_TEST_SUITE_P(
    plugin, UserInterface,
    testing::Combine(
        testing::ValuesIn(types()), testing::ValuesIn(ui_checks().begin(), ui_checks().end())),
    [](const auto& test) {
        auto name = std::get<0>(test.param) + "_" + std::get<1>(test.param).name;
        std::replace(name.begin(), name.end(), '-', '_');
        return name;
    });

}  // namespace
}  // namespace offlineimap::testkit
