// SPDX-License-Identifier: Apache-2.0
#include "core/host/loader.hpp"

#include "folder.hpp"

#include <gmock/gmock.h>

#include <tuple>

#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

const fs::path plugins = TEST_PLUGINS;

fs::path plugin(const char* way)
{
    return plugins / way / "ui-gen.so";
}

/// What the loader says against the file; empty when it takes it.
std::string refusal(const fs::path& file)
{
    try {
        std::ignore = PluginLoader::load(file);
        return {};
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::config);
        return error.what();
    }
}

std::string refusal_of_type(const PluginLoader& loader, Kind kind, std::string_view type)
{
    try {
        std::ignore = loader.find(kind, type);
        return {};
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::config);
        return error.what();
    }
}

std::string sentence(const fs::path& file, const std::string& why)
{
    return "plugin " + file.string() + ": " + why;
}

TEST(Loader, finds_a_component_by_kind_and_type)
{
    const PluginLoader loader({plugins / "missing", plugins / "good"});
    const auto& component = loader.find(Kind::ui, "gen");
    EXPECT_EQ(component.kind, Kind::ui);
    EXPECT_STREQ(component.type, "gen");
    EXPECT_STREQ(component.options[0].name, "size");
}

TEST(Loader, the_first_on_the_path_wins)
{
    const PluginLoader loader({plugins / "newer-minor", plugins / "good"});
    EXPECT_THAT(
        refusal_of_type(loader, Kind::ui, "gen"), HasSubstr((plugins / "newer-minor").string()));
}

TEST(Loader, loads_a_library_once)
{
    EXPECT_EQ(&PluginLoader::load(plugin("good")), &PluginLoader::load(plugin("good")));
}

TEST(Loader, a_second_type_is_found_through_a_second_name)
{
    const TemporaryFolder folder;
    fs::create_symlink(plugin("good"), folder.path() / "ui-second.so");
    const PluginLoader loader({folder.path()});
    EXPECT_STREQ(loader.find(Kind::ui, "second").type, "second");
}

TEST(Loader, refuses_a_newer_minor)
{
    EXPECT_EQ(
        refusal(plugin("newer-minor")),
        sentence(
            plugin("newer-minor"),
            "it was built for plugin ABI 1.2, this offlineimap has 1.1; update offlineimap"));
}

TEST(Loader, refuses_a_newer_major)
{
    EXPECT_EQ(
        refusal(plugin("newer-major")),
        sentence(
            plugin("newer-major"),
            "it was built for plugin ABI 2.1, this offlineimap has 1.1; update offlineimap"));
}

TEST(Loader, refuses_an_older_major)
{
    EXPECT_EQ(
        refusal(plugin("older-major")),
        sentence(
            plugin("older-major"),
            "it was built for plugin ABI 0.1, this offlineimap has 1.1; rebuild the plugin against "
            "the installed SDK"));
}

TEST(Loader, refuses_debug_containers)
{
    EXPECT_EQ(
        refusal(plugin("debug-containers")),
        sentence(
            plugin("debug-containers"),
            "it was built with _GLIBCXX_DEBUG, this offlineimap without"));
}

TEST(Loader, refuses_old_strings)
{
    EXPECT_EQ(
        refusal(plugin("old-strings")),
        sentence(
            plugin("old-strings"),
            "it was built with _GLIBCXX_USE_CXX11_ABI=0, this offlineimap with 1"));
}

TEST(Loader, refuses_the_other_standard_library)
{
    if (!fs::exists(plugin("libcxx"))) GTEST_SKIP() << "no libc++ here";
    EXPECT_EQ(
        refusal(plugin("libcxx")),
        sentence(plugin("libcxx"), "it uses libc++, this offlineimap uses libstdc++"));
}

TEST(Loader, refuses_a_runtime_of_its_own)
{
#ifdef __SANITIZE_ADDRESS__
    const __lsan::ScopedDisabler expected;  // that runtime never gives its reserve back
#endif
    EXPECT_EQ(
        refusal(plugin("own-runtime")),
        sentence(
            plugin("own-runtime"),
            "it brings its own C++ runtime; link it without -static-libstdc++ and "
            "-static-libgcc"));
}

TEST(Loader, refuses_changed_structures)
{
    const auto why = refusal(plugin("other-layout"));
    EXPECT_THAT(
        why, HasSubstr("its SDK headers differ from ours under the same ABI number (compilers: "));
    EXPECT_THAT(why, EndsWith("); rebuild the plugin against the installed SDK"));
}

TEST(Loader, refuses_a_text_file)
{
    const TemporaryFolder folder;
    const auto file = folder.path() / "ui-gen.so";
    write_file(file, "not a library\n");
    EXPECT_EQ(refusal(file), sentence(file, file.string() + ": file too short"));
    write_file(file, std::string(4096, 'x'));
    EXPECT_EQ(refusal(file), sentence(file, file.string() + ": invalid ELF header"));
}

TEST(Loader, refuses_a_library_that_is_no_plugin)
{
    EXPECT_EQ(
        refusal(plugin("no-plugin")),
        sentence(
            plugin("no-plugin"),
            "it does not export offlineimap_plugin, so it is not an offlineimap plugin"));
}

TEST(Loader, refuses_an_undefined_symbol)
{
    const auto file = plugin("undefined-symbol");
    EXPECT_EQ(refusal(file), sentence(file, file.string() + ": undefined symbol: nowhere"));
}

TEST(Loader, refuses_a_plugin_without_the_type)
{
    const PluginLoader loader({plugins / "other-type"});
    EXPECT_EQ(
        refusal_of_type(loader, Kind::ui, "gen"),
        "plugin " + plugin("other-type").string() + " does not provide the type \"gen\"");
}

TEST(Loader, names_every_place_where_it_looked)
{
    const PluginLoader loader({"/nowhere/a", "/nowhere/b"});
    EXPECT_EQ(
        refusal_of_type(loader, Kind::repository, "gen"),
        "no plugin for the type \"gen\"; looked for\n"
        "  /nowhere/a/repo-gen.so\n"
        "  /nowhere/b/repo-gen.so");
}

TEST(Loader, a_type_is_never_a_path)
{
    const PluginLoader loader({plugins / "good"});
    EXPECT_EQ(
        refusal_of_type(loader, Kind::ui, "../good/ui-gen"),
        "no plugin for the type \"../good/ui-gen\"");
}

TEST(Loader, refuses_a_file_that_is_missing)
{
    EXPECT_EQ(
        refusal("/nowhere/ui-gen.so"), sentence("/nowhere/ui-gen.so", "No such file or directory"));
}

class CopiedPlugin : public testing::Test {
protected:
    void SetUp() override { fs::copy_file(plugin("good"), file_); }
    std::string refusal_by_type() const
    {
        return refusal_of_type(PluginLoader({folder_.path()}), Kind::ui, "gen");
    }
    TemporaryFolder folder_;
    fs::path file_ = folder_.path() / "ui-gen.so";
};

TEST_F(CopiedPlugin, is_good_as_it_is)
{
    EXPECT_EQ(refusal_by_type(), "");
}

TEST_F(CopiedPlugin, is_refused_when_everybody_can_write_to_it)
{
    ::chmod(file_.c_str(), 0666);
    EXPECT_EQ(
        refusal_by_type(),
        sentence(file_, "it can be changed by every user of this machine; chmod o-w it"));
}

TEST_F(CopiedPlugin, is_refused_in_a_directory_that_everybody_can_write_to)
{
    ::chmod(folder_.path().c_str(), 01777);
    EXPECT_EQ(
        refusal_by_type(),
        sentence(
            file_,
            "its directory " + folder_.path().string()
                + " can be changed by every user of this machine; chmod o-w it"));
}

TEST_F(CopiedPlugin, is_refused_when_it_belongs_to_another_user)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    ASSERT_EQ(::chown(file_.c_str(), 12345, 12345), 0);
    EXPECT_EQ(
        refusal_by_type(),
        sentence(file_, "it belongs to another user (uid 12345), who could change it"));
}

TEST_F(CopiedPlugin, behind_a_link_is_looked_at_as_well)
{
    ::chmod(file_.c_str(), 0666);
    const TemporaryFolder other;
    const auto link = other.path() / "ui-gen.so";
    fs::create_symlink(file_, link);
    EXPECT_THAT(refusal(link), HasSubstr("can be changed by every user"));
}

TEST(Loader, lists_plugins_and_what_is_wrong_with_them)
{
    const TemporaryFolder folder;
    fs::create_symlink(plugin("good"), folder.path() / "ui-gen.so");
    fs::create_symlink(plugin("good"), folder.path() / "ui-second.so");
    fs::create_symlink(plugin("newer-minor"), folder.path() / "ui-young.so");
    write_file(folder.path() / "ui-text.so", "not a library\n");
    write_file(folder.path() / "README", "not looked at\n");
    const auto all = PluginLoader({folder.path(), plugins / "older-major"}).list();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].file, folder.path() / "ui-gen.so");
    ASSERT_NE(all[0].plugin, nullptr);
    EXPECT_STREQ(all[0].plugin->version, "1.0");
    EXPECT_EQ(all[0].plugin->component_count, 2U);
    EXPECT_EQ(all[1].refusal, "it does not export offlineimap_plugin");
    EXPECT_THAT(all[2].refusal, HasSubstr("update offlineimap"));
}

}  // namespace
}  // namespace offlineimap::core
